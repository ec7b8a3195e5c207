package io.agentledger.command.ops;

import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.command.model.UpstreamMonitor;
import io.micrometer.tracing.Span;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Span of one run, with the spans of its operations in progress. */
final class RunSpan {
  private static final String OPERATION = "gen_ai.operation.name";
  private static final String MODEL = "gen_ai.request.model";
  private static final String ERROR = "error.type";

  /** Maximum number of open spans in one run, because a tool may never return. */
  private static final int OPEN_MAX = 1_000;

  private final SpanWriter writer;
  private final Span run;
  private final Map<ToolCallId, Span> calls = new HashMap<>();
  private final Map<ThreadId, Span> subagents = new HashMap<>();
  private String upstream = "unknown";
  private Instant lastSeen;

  RunSpan(SpanWriter writer, String traceparent, Instant at, String id) {
    this.writer = writer;
    this.lastSeen = at;
    this.run =
        SpanWriter.start(
            writer
                .childOf(traceparent)
                .name("invoke_agent")
                .tag(OPERATION, "invoke_agent")
                .tag("agentledger.run.id", id),
            at);
  }

  static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  void recordStart(RunStarted started) {
    upstream = label(started.execution().upstream());
    run.tag("gen_ai.conversation.id", started.sessionId().value())
        .tag("gen_ai.provider.name", upstream)
        .tag(MODEL, started.requestedModel())
        .tag("agentledger.run.attempt", started.attempt());
  }

  void addEvent(String event, Instant at) {
    run.event(event, TimeUnit.MILLISECONDS.toMicros(at.toEpochMilli()), TimeUnit.MICROSECONDS);
  }

  /** Updates the time of the last event of the run. */
  void markSeen(Instant at) {
    lastSeen = at;
  }

  /** Returns the parent span for a thread: its subagent's, else the run's. */
  private Span threadSpan(ThreadId thread) {
    return subagents.getOrDefault(thread, run);
  }

  private Span.Builder childOf(ThreadId thread) {
    return writer.childOf(threadSpan(thread).context());
  }

  void recordTurn(TurnFinished turn, UpstreamMonitor.Span exchangeSpan) {
    var usage = turn.usage();
    var span =
        SpanWriter.start(
            childOf(turn.threadId())
                .name("chat " + turn.model())
                .kind(Span.Kind.CLIENT)
                .tag(OPERATION, "chat")
                .tag("gen_ai.provider.name", upstream)
                .tag(MODEL, turn.model())
                .tag("gen_ai.response.model", turn.model())
                .tag("gen_ai.usage.input_tokens", usage.inputTokens())
                .tag("gen_ai.usage.output_tokens", usage.outputTokens())
                .tag("gen_ai.usage.cache_read.input_tokens", usage.cacheReadTokens())
                .tag("agentledger.exchange.id", turn.exchangeId()),
            exchangeSpan.from());
    if (turn.status() != io.agentledger.api.session.event.OutputEvent.TurnStatus.COMPLETED)
      span.tag(ERROR, label(turn.status()));
    SpanWriter.end(span, exchangeSpan.to());
  }

  void startToolCall(ToolCalled call, Instant at) {
    if (calls.size() >= OPEN_MAX) return;
    calls.put(
        call.toolCallId(),
        SpanWriter.start(
            childOf(call.threadId())
                .name("execute_tool " + call.name())
                .tag(OPERATION, "execute_tool")
                .tag("gen_ai.tool.name", call.name())
                .tag("gen_ai.tool.call.id", call.toolCallId().value())
                .tag("agentledger.verdict", label(call.verdict())),
            at));
  }

  void endToolCall(ToolReturned event, Instant at) {
    var span = calls.remove(event.toolCallId());
    if (span == null) return;
    if (event.status() != CallStatus.RETURNED) span.tag(ERROR, label(event.status()));
    SpanWriter.end(span, at);
  }

  void startSubagent(SubagentStarted event, Instant at) {
    if (subagents.size() >= OPEN_MAX) return;
    subagents.put(
        event.threadId(),
        SpanWriter.start(
            childOf(event.parentThreadId())
                .name("invoke_agent " + event.agent())
                .tag(OPERATION, "invoke_agent")
                .tag("gen_ai.agent.name", event.agent()),
            at));
  }

  void endSubagent(SubagentFinished finished, Instant at) {
    var span = subagents.remove(finished.threadId());
    if (span == null) return;
    if (finished.status() != CallStatus.RETURNED) span.tag(ERROR, label(finished.status()));
    SpanWriter.end(span, at);
  }

  /**
   * Ends the span.
   *
   * @param error kind of the error; empty if there was none
   */
  void end(Instant at, String error) {
    for (var open : calls.values()) SpanWriter.end(open.tag(ERROR, "unknown"), at);
    for (var open : subagents.values()) SpanWriter.end(open.tag(ERROR, "unknown"), at);
    if (!error.isEmpty()) run.tag(ERROR, error);
    SpanWriter.end(run, at);
  }

  /** Ends the span at the time of its last event; the run itself continues. */
  void endUnfinished() {
    addEvent("truncated", lastSeen);
    end(lastSeen, "");
  }
}
