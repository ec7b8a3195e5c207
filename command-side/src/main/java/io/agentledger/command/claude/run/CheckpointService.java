package io.agentledger.command.claude.run;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.command.claude.process.ProcessContext;
import java.util.Optional;

/** Keeps the state of a session's files between its runs. */
public interface CheckpointService {
  /**
   * Keeps what the files of the process's session are now and says so on the record. A state that
   * cannot be kept is told to operators, and the runs go on.
   *
   * @return the checkpoint, if there is one
   */
  Optional<CheckpointId> keep(ProcessContext post, Moment moment, Provenance by);

  /** The same before a run, if somebody changed the files from outside since the last time. */
  Optional<CheckpointId> keepTouched(ProcessContext post, RunId run, Provenance by);

  /** The record has been read since: if it says that the files are at that checkpoint, they are. */
  void settle(ProcessContext post, CheckpointId taken);

  /** Whether the files are what the record says; if not, somebody put them back meanwhile. */
  boolean isCurrent(ProcessContext post);
}
