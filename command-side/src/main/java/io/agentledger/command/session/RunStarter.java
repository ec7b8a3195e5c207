package io.agentledger.command.session;

import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.Execution;
import java.util.Optional;

/**
 * Port to the processes of this node that wait for a run. The start of a run at such a process is
 * recorded in the append that issues it; a job starts the others.
 */
@FunctionalInterface
public interface RunStarter {
  /** Starts no run, so that jobs start all. */
  RunStarter NONE = (issued, recorded) -> Optional.empty();

  /**
   * Reserves the session's process for the run of a query. When the current unit of work is
   * committed, the process begins the run; if it is rolled back, the process waits again. Does not
   * wait for anything. The unit of work must have no events of the session yet, except for those
   * that open it.
   *
   * @param issued event of the query, which follows
   * @param recorded recorded state of the session
   * @return the process; empty if none is alive here, idle and launched as the run needs it
   */
  Optional<Execution> reserve(QueryIssued issued, Recorded recorded);

  /**
   * Recorded state of a session, which the node of the process must know.
   *
   * @param nextSequence sequence number of its next event
   * @param epoch epoch of its newest process
   * @param opening first event of a session that the unit of work opens; empty for an open one
   */
  record Recorded(long nextSequence, long epoch, Optional<SessionOpened> opening) {
    public Recorded(long nextSequence, long epoch) {
      this(nextSequence, epoch, Optional.empty());
    }

    Recorded withOpening(SessionOpened opened) {
      return new Recorded(nextSequence, epoch, Optional.of(opened));
    }
  }
}
