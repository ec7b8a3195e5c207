package io.agentledger.command.ops;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.command.model.UpstreamMonitor;
import io.agentledger.store.support.BoundedMap;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventMessage;

/**
 * Creates traces of runs from stored events: the events that this node records become spans by
 * OpenTelemetry's conventions for generative AI, as children of the request's span. Spans contain
 * ids, names and numbers only, never content. For a run that started before this node restarted,
 * only the events since the restart are traced. If too many runs are in progress, the span of the
 * oldest is ended at its last event.
 */
final class RunTracer implements Consumer<EventMessage<?>> {
  static final int RUNS_MAX = 1_000;

  private final SpanWriter writer;
  private final UpstreamMonitor upstreamMonitor;
  private final Map<RunId, RunSpan> runs =
      BoundedMap.insertionOrdered(RUNS_MAX, (run, span) -> span.endUnfinished());

  RunTracer(SpanWriter writer, UpstreamMonitor upstreamMonitor) {
    this.writer = writer;
    this.upstreamMonitor = upstreamMonitor;
  }

  /** Events of one run arrive in order, those of different runs concurrently. */
  @Override
  public synchronized void accept(EventMessage<?> message) {
    switch (message.getPayload()) {
      case RunEvent event -> onRunEvent(event, message);
      case OutputEvent event -> onOutputEvent(event, message);
      default -> {}
    }
  }

  private RunSpan spanOf(RunId run, EventMessage<?> message) {
    var at = message.getTimestamp();
    var span =
        runs.computeIfAbsent(
            run, id -> new RunSpan(writer, text(message, Provenance.TRACEPARENT), at, id.value()));
    span.markSeen(at);
    return span;
  }

  private void onRunEvent(RunEvent event, EventMessage<?> message) {
    var at = message.getTimestamp();
    var span = spanOf(event.runId(), message);
    switch (event) {
      case RunStarted started -> span.recordStart(started);
      case RunCompleted runCompleted -> end(event, span, at, "");
      case RunInterrupted runInterrupted -> end(event, span, at, "interrupted");
      case RunPaused paused -> span.addEvent("paused", at);
      case RunResumed resumed -> span.addEvent("resumed", at);
      case RunFailed failed -> {
        if (failed.retrying()) span.addEvent("retried", at);
        else end(event, span, at, RunSpan.label(failed.failure()));
      }
    }
  }

  private void end(RunEvent event, RunSpan span, Instant at, String error) {
    runs.remove(event.runId());
    span.end(at, error);
  }

  private void onOutputEvent(OutputEvent event, EventMessage<?> message) {
    var at = message.getTimestamp();
    var span = spanOf(event.runId(), message);
    switch (event) {
      case TurnFinished turn ->
          upstreamMonitor
              .findSpan(turn.exchangeId())
              .ifPresent(exchangeSpan -> span.recordTurn(turn, exchangeSpan));
      case ToolCalled call -> span.startToolCall(call, at);
      case ToolReturned toolReturned -> span.endToolCall(toolReturned, at);
      case SubagentStarted subagentStarted -> span.startSubagent(subagentStarted, at);
      case SubagentFinished finished -> span.endSubagent(finished, at);
      default -> {}
    }
  }

  private static String text(EventMessage<?> message, String key) {
    return message.getMetaData().get(key) instanceof String text ? text : "";
  }
}
