package io.agentledger.command.claude.run;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.command.claude.process.ProcessContext;
import java.io.IOException;
import java.util.Optional;

/** Keeps the state of a session's files between its runs. */
public interface CheckpointService {
  /**
   * Keeps what the files of the process's session are now and says so on the record. A state that
   * cannot be kept is told to operators, and the runs go on.
   *
   * @return the checkpoint, if there is one
   */
  Optional<CheckpointId> takeCheckpoint(
      ProcessContext processContext, Moment moment, Provenance provenance);

  /** The same before a run, if somebody changed the files from outside since the last time. */
  Optional<CheckpointId> checkpointExternalChanges(
      ProcessContext processContext, RunId run, Provenance provenance);

  /** The record has been read since: if it says that the files are at that checkpoint, they are. */
  void confirmCheckpoint(ProcessContext processContext, CheckpointId checkpoint);

  /**
   * Keeps the conversation of a process that has ended and removes it from the disk; another
   * process that the session has here keeps it there. May be done again.
   */
  void storeConversation(ProcessContext processContext) throws IOException;

  /** Whether the files are what the record says; if not, somebody put them back meanwhile. */
  boolean isCurrent(ProcessContext processContext);
}
