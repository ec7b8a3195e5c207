package io.agentledger.command.claude.record;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.command.claude.state.PendingRequests;
import io.agentledger.command.claude.state.SessionState;
import java.util.List;
import java.util.Optional;

/**
 * Commands that record what ended with a process.
 *
 * @param state read to the end of the record
 * @param epoch of the lease under which they are sent
 */
public record ProcessEndCommands(SessionState state, ProcessId process, long epoch) {

  /**
   * Records that its background tasks have stopped; empty if none was running. They are told of the
   * session's last run, whichever run began them.
   */
  public Optional<RecordOutput> taskEnds(String reason) {
    PendingRequests pending = state.pendingRequests();
    List<Output.Entry> ends =
        pending.runningTasks(process).stream().map(task -> taskEnd(task, reason)).toList();
    return pending
        .lastRun()
        .filter(run -> !ends.isEmpty())
        .map(run -> new RecordOutput(state.session(), run, process, epoch, ends));
  }

  private Output.Entry taskEnd(String task, String reason) {
    return new Output.Entry(
        SourcePosition.Source.RUNNER,
        0,
        state.opened().threadId(),
        new Output.TaskFinish(task, TaskStatus.STOPPED, reason));
  }
}
