package io.agentledger.command.claude.state;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.axonframework.eventhandling.DomainEventMessage;

/** Runs of a session that have not ended, in the order of their queries. */
final class RunStates {
  private final Map<RunId, RunState> open = new LinkedHashMap<>();

  /** Calls that were still in progress when their run ended. */
  private final Map<ToolCallId, RunState.ToolCall> left = new HashMap<>();

  void onIssued(QueryIssued event, Provenance provenance) {
    var cause = new Cause.Query(event.queryId());
    open.put(event.runId(), new RunState(event.runId(), cause, event.options(), provenance));
  }

  /** Applies the start of a run; a background run has no earlier event. */
  void onStarted(RunStarted event, DomainEventMessage<?> message, SessionSetup sessionSetup) {
    open.computeIfAbsent(
            event.runId(),
            id ->
                new RunState(
                    id,
                    event.cause(),
                    sessionSetup.options(),
                    Provenance.of(message.getMetaData())))
        .onStarted(event, message.getTimestamp(), sessionSetup.recordedTools());
  }

  void changeMode(PermissionMode mode) {
    open.values().forEach(run -> run.changeMode(mode));
  }

  void on(OutputEvent event, Instant at) {
    switch (event) {
      case TurnRetried retried ->
          find(retried.runId()).ifPresent(run -> run.onRetried(retried, at));
      case OutputEvent.MessageReceived message when message.origin() == MessageOrigin.MODEL ->
          find(message.runId()).ifPresent(run -> run.onMessage(message));
      case OutputEvent.RunInitialized initialized ->
          find(initialized.runId()).ifPresent(RunState::markInitialized);
      case OutputEvent.ToolCalled called ->
          find(called.runId())
              .ifPresent(
                  run ->
                      run.calls()
                          .put(
                              called.toolCallId(),
                              new RunState.ToolCall(
                                  called.name(),
                                  called.verdict(),
                                  called.rule(),
                                  called.inputDigest(),
                                  called.input(),
                                  called.resolvedPath(),
                                  called.verdict() == Verdict.ALLOWED,
                                  Optional.empty())));
      case OutputEvent.ToolReturned returned -> {
        update(returned.toolCallId(), call -> call.asEnded(returned.status()));
        left.remove(returned.toolCallId());
      }
      default -> {}
    }
  }

  /** Records that the call was allowed. */
  void allow(ToolCallId id) {
    update(id, RunState.ToolCall::asAllowed);
  }

  private void update(ToolCallId id, UnaryOperator<RunState.ToolCall> change) {
    open.values()
        .forEach(run -> run.calls().computeIfPresent(id, (known, call) -> change.apply(call)));
  }

  /**
   * Removes the run and returns its last state; empty if it is unknown. Calls of its background
   * tasks may still be in progress.
   */
  Optional<RunState> remove(RunId id) {
    Optional<RunState> removed = Optional.ofNullable(open.remove(id));
    removed.ifPresent(
        run ->
            run.calls()
                .forEach(
                    (callId, call) -> {
                      if (call.outcome().isEmpty()) left.put(callId, call);
                    }));
    return removed;
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  Optional<RunState> find(RunId id) {
    return Optional.ofNullable(open.get(id));
  }

  List<RunState> runsUnderWayAt(ProcessId process) {
    return open.values().stream()
        .filter(RunState::isUnderWay)
        .filter(run -> run.execution().filter(m -> m.processId().equals(process)).isPresent())
        .toList();
  }

  Optional<RunState.ToolCall> call(ToolCallId id) {
    return open.values().stream()
        .flatMap(run -> Optional.ofNullable(run.calls().get(id)).stream())
        .findFirst()
        .or(() -> Optional.ofNullable(left.get(id)));
  }

  boolean isUnderWay() {
    return open.values().stream().anyMatch(run -> run.isUnderWay() || run.attempt() == 0);
  }
}
