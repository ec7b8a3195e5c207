package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.session.command.Output;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NotRunning;
import java.util.List;

/**
 * Puts what a process said on the record, each of it once: by where it was read, and where that is
 * not enough by what it names.
 */
record OutputRecorder(
    OpenRuns runs, PendingActions actions, JournalPositions journals, BackgroundTasks tasks) {

  void record(RecordOutput command, SessionSealer sealer) {
    var fresh =
        command.outputs().stream()
            .filter(entry -> !journals.knows(command.processId(), entry.source(), entry.end()))
            .toList();
    if (fresh.isEmpty()) return;
    checkTenant(command, fresh);
    var outputEventMapper = new OutputEventMapper(command, sealer);
    for (var entry : fresh) record(entry, outputEventMapper);
  }

  /** What an exchange cost, who was called and what was reached is learnt after its end, too. */
  private void checkTenant(RecordOutput command, List<Output.Entry> fresh) {
    if (runs.open(command.runId()).filter(Run::hasStarted).isPresent()) return;
    boolean late = runs.hasEnded(command.runId());
    if (!late || !fresh.stream().map(Output.Entry::output).allMatch(OutputRecorder::mayBeLate))
      throw new RejectionException(new NotRunning(command.runId().value()));
  }

  private static boolean mayBeLate(Output output) {
    return switch (output) {
      case Output.Turn ignored -> true;
      case Output.HookExecution ignored -> true;
      case Output.ReachedHost ignored -> true; // By what it left in the background.
      case Output.RefusedHost ignored -> true;
      case Output.CompleteElicitation ignored -> true;
      default -> false;
    };
  }

  private void record(Output.Entry entry, OutputEventMapper outputEventMapper) {
    if (isKnown(entry.output())) return;
    if (entry.output() instanceof Output.Return back)
      actions.expire(
          outputEventMapper.command().sessionId(),
          action -> action.toolCall().equals(back.toolCallId()),
          Expiry.WITHDRAWN);
    apply(outputEventMapper.toEvent(entry));
  }

  private boolean isKnown(Output output) {
    return switch (output) {
      case Output.Turn turn -> journals.hasCounted(turn.exchangeId());
      case Output.TaskStart start -> tasks.knows(start.taskId());
      case Output.TaskFinish finish -> !tasks.knows(finish.taskId());
      case Output.AskPermission ask -> actions.knows(ask.actionId());
      case Output.AskQuestion ask -> actions.knows(ask.actionId());
      case Output.CallClientTool ask -> actions.knows(ask.actionId());
      case Output.AskElicitation ask -> actions.knows(ask.actionId());
      case Output.HookAnswer answer -> !actions.waitsFor(answer.actionId());
      case Output.EndElicitation end -> !actions.waitsFor(end.actionId());
      case Output.Withdraw back -> !actions.waitsFor(back.actionId());
      default -> false;
    };
  }
}
