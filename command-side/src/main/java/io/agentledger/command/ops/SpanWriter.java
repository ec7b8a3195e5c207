package io.agentledger.command.ops;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Writes spans of past operations, with their original times. */
final class SpanWriter {
  private static final String TRACEPARENT = "traceparent";

  private final Tracer tracer;
  private final Propagator propagator;

  SpanWriter(Tracer tracer, Propagator propagator) {
    this.tracer = tracer;
    this.propagator = propagator;
  }

  /** Starts a child of a remote span, or a root span if there is none. */
  Span.Builder childOf(String traceparent) {
    return propagator.extract(
        Map.of(TRACEPARENT, traceparent),
        (carrier, key) -> TRACEPARENT.equals(key) && !traceparent.isEmpty() ? traceparent : null);
  }

  Span.Builder childOf(TraceContext parent) {
    return tracer.spanBuilder().setParent(parent);
  }

  static Span start(Span.Builder span, Instant at) {
    return span.startTimestamp(micros(at), TimeUnit.MICROSECONDS).start();
  }

  static void end(Span span, Instant at) {
    span.end(micros(at), TimeUnit.MICROSECONDS);
  }

  private static long micros(Instant at) {
    return TimeUnit.SECONDS.toMicros(at.getEpochSecond())
        + TimeUnit.NANOSECONDS.toMicros(at.getNano());
  }
}
