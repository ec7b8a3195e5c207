package io.agentledger.command.claude.runner;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Execution;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.axonframework.eventhandling.DomainEventMessage;

/** Port from a session's job to the Claude CLI. */
public interface Runner {
  /**
   * Executes a run, or continues it if a process is still executing it, and returns when the end of
   * this attempt is recorded. Idempotent, also after a crash: earlier progress is read from the
   * record. Blocks; call it on a virtual thread. An interrupt means that this node stops: the
   * process keeps running for the next instance of the service.
   */
  void execute(Assignment assignment) throws InterruptedException;

  /**
   * Reserves the session's process on this node for a run whose events are not recorded yet, if it
   * is alive, idle and launched as the run needs it. The caller begins or cancels the reservation.
   * Does not wait, and reads only events that were committed.
   *
   * @param nextSequence sequence number of the session's next event
   */
  Optional<Reservation> reserve(
      SessionId session, RunId run, RunOptions options, long nextSequence);

  /**
   * Reserves the process that waits for a session which the current unit of work opens, as {@link
   * #reserve} does.
   *
   * @param opening event that opens the session, the only one so far, not recorded yet
   */
  Optional<Reservation> reserveFirst(
      DomainEventMessage<SessionOpened> opening, RunId run, RunOptions options);

  /** Reservation of a process, which gets no other run meanwhile. */
  interface Reservation {
    /** Returns the execution of the process, for the start of the run. */
    Execution execution();

    /**
     * Begins the run, whose start at this process is recorded: on the calling thread, or on another
     * one if it has to wait.
     *
     * @return the end of the attempt, which has failed if the process did not execute it
     */
    CompletableFuture<Void> begin();

    /** Ends a reservation whose run was not recorded. */
    void cancel();
  }

  /** Run to execute, with its query and its requester. */
  record Assignment(SessionId session, RunId run, QueryId query, Provenance provenance) {}

  /**
   * The run cannot be executed now because another node still holds the session. Not a failure;
   * retry later.
   */
  class SessionBusyException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public SessionBusyException(String message) {
      super(message);
    }
  }
}
