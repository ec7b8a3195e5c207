package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NotRunning;
import java.util.List;

/**
 * Puts what a process said on the record, each of it once: by where it was read, and where that is
 * not enough by what it names.
 */
record OutputRecorder(
    OpenRuns runs,
    PendingActions actions,
    JournalPositions journals,
    BackgroundTasks tasks,
    OpenCalls calls) {

  void record(RecordOutput command, SessionSealer sealer) {
    var newEntries =
        command.outputs().stream()
            .filter(
                entry ->
                    !journals.isRecorded(command.processId(), entry.source(), entry.endOffset()))
            .toList();
    if (newEntries.isEmpty()) return;
    requireRecordable(command, newEntries);
    var outputEventMapper = new OutputEventMapper(command, sealer);
    for (var entry : newEntries) record(entry, outputEventMapper);
  }

  /** What an exchange cost, who was called and what was reached is learnt after its end, too. */
  private void requireRecordable(RecordOutput command, List<Output.Entry> newEntries) {
    if (runs.open(command.runId()).filter(Run::hasStarted).isPresent()) return;
    boolean ended = runs.hasEnded(command.runId());
    if (!ended
        || !newEntries.stream()
            .map(Output.Entry::output)
            .allMatch(OutputRecorder::isAllowedAfterEnd))
      throw new RejectionException(new NotRunning(command.runId().value()));
  }

  private static boolean isAllowedAfterEnd(Output output) {
    return switch (output) {
      case Output.Turn ignored -> true;
      case Output.HookExecution ignored -> true;
      case Output.ReachedHost ignored -> true; // By what it left in the background.
      case Output.RefusedHost ignored -> true;
      case Output.CompleteElicitation ignored -> true;
      case Output.TaskFinish ignored -> true; // With its process.
      default -> false;
    };
  }

  private void record(Output.Entry entry, OutputEventMapper outputEventMapper) {
    if (isRedundant(entry.output())) return;
    if (entry.output() instanceof Output.Return back)
      actions.expire(
          outputEventMapper.command().sessionId(),
          action -> action.toolCall().equals(back.toolCallId()),
          ExpiryReason.WITHDRAWN);
    apply(outputEventMapper.toEvent(entry));
  }

  private boolean isRedundant(Output output) {
    return switch (output) {
      case Output.Turn turn -> journals.hasCounted(turn.exchangeId());
      case Output.Message message ->
          journals.isCliBlockRecorded(message.messageId(), message.blockIndex());
      case Output.Call call -> calls.isLost(call.toolCallId());
      case Output.Return back -> calls.isLost(back.toolCallId());
      case Output.TaskStart start -> tasks.isRunning(start.taskId());
      case Output.TaskFinish finish -> !tasks.isRunning(finish.taskId());
      case Output.AskPermission request -> actions.isKnown(request.actionId());
      case Output.AskQuestion request -> actions.isKnown(request.actionId());
      case Output.CallClientTool ask -> actions.isKnown(ask.actionId());
      case Output.AskElicitation request -> actions.isKnown(request.actionId());
      case Output.HookAnswer answer -> !actions.isPending(answer.actionId());
      case Output.EndElicitation endElicitation -> !actions.isPending(endElicitation.actionId());
      case Output.Withdraw withdraw -> !actions.isPending(withdraw.actionId());
      default -> false;
    };
  }
}
