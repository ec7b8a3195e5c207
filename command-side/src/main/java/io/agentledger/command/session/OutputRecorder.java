package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.command.SessionCommand.RecordOutput;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.EgressEvent;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunnerEvent;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.NotRunning;
import java.util.List;

/**
 * Records the output of processes, each event once: identified by its position in the journal, and
 * where that is not sufficient by its ids.
 */
record OutputRecorder(
    OpenRuns runs,
    PendingActions actions,
    JournalPositions journals,
    BackgroundTasks tasks,
    OpenCalls calls) {

  void record(RecordOutput command) {
    var newEntries =
        command.entries().stream()
            .filter(
                entry ->
                    !journals.isRecorded(command.processId(), entry.source(), entry.endOffset()))
            .toList();
    if (newEntries.isEmpty()) return;
    newEntries.forEach(entry -> requireBelongs(entry, command));
    var events = newEntries.stream().map(RecordOutput.Entry::event).toList();
    requireRecordable(command.runId(), events);
    events.forEach(this::record);
  }

  /** An event belongs to the session, the run and the position with which it is sent. */
  private static void requireBelongs(RecordOutput.Entry entry, RecordOutput command) {
    var position =
        new SourcePosition(command.processId(), command.epoch(), entry.source(), entry.endOffset());
    boolean belongs =
        switch (entry.event()) {
          case OutputEvent event ->
              event.runId().equals(command.runId()) && event.sourcePosition().equals(position);
          case RunnerEvent.ActionRequest request -> request.runId().equals(command.runId());
          case ElicitationAnswered answered -> answered.byHook(); // Users answer by a command.
          default -> true;
        };
    if (!belongs || !entry.event().sessionId().equals(command.sessionId()))
      throw new IllegalArgumentException(
          entry.event().getClass().getSimpleName() + " does not belong to " + command.runId());
  }

  /**
   * Requires that the run is in progress. Costs, hook executions and contacted hosts are also
   * recorded after its end.
   */
  private void requireRecordable(RunId run, List<RunnerEvent> events) {
    if (runs.open(run).filter(Run::hasStarted).isPresent()) return;
    if (!runs.hasEnded(run) || !events.stream().allMatch(OutputRecorder::isAllowedAfterEnd))
      throw new RejectionException(new NotRunning(run.value()));
  }

  private static boolean isAllowedAfterEnd(RunnerEvent event) {
    return switch (event) {
      case TurnFinished _, HookExecuted _, ElicitationCompleted _ -> true;
      case EgressEvent _ -> true; // Caused by its background tasks.
      case TaskEnded _ -> true; // Ended with its process.
      default -> false;
    };
  }

  private void record(RunnerEvent event) {
    if (isRedundant(event)) return;
    if (event instanceof ToolReturned returned)
      actions.expire(
          event.sessionId(),
          action -> action.toolCall().equals(returned.toolCallId()),
          ExpiryReason.WITHDRAWN);
    apply(event);
  }

  private boolean isRedundant(RunnerEvent event) {
    return switch (event) {
      case TurnFinished turn -> journals.hasCounted(turn.exchangeId());
      case MessageReceived message ->
          journals.isCliBlockRecorded(message.messageId(), message.blockIndex());
      case ToolCalled call -> calls.isLost(call.toolCallId());
      case ToolReturned returned -> calls.isLost(returned.toolCallId());
      case TaskStarted started -> tasks.isRunning(started.taskId());
      case TaskEnded ended -> !tasks.isRunning(ended.taskId());
      case RunnerEvent.ActionRequest request -> actions.isKnown(request.actionId());
      case ElicitationAnswered answered -> !actions.isPending(answered.actionId());
      case ElicitationEnded ended -> !actions.isPending(ended.actionId());
      case ActionExpired expired -> !actions.isPending(expired.actionId());
      default -> false;
    };
  }
}
