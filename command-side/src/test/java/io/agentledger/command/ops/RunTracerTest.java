package io.agentledger.command.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.Mockito.RETURNS_SELF;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.command.model.UpstreamMonitor;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Test;

class RunTracerTest {
  private static final Instant AT = Instant.parse("2026-11-20T09:00:00Z");

  private final List<Span> startedSpans = new ArrayList<>();
  private final Propagator propagator = mock();
  private final RunTracer runTracer =
      new RunTracer(
          new SpanWriter(Tracer.NOOP, propagator),
          new UpstreamMonitor(Clock.systemUTC(), CircuitBreaker.ofDefaults("model")));

  RunTracerTest() {
    Span.Builder builder = mock(RETURNS_SELF);
    when(builder.start())
        .thenAnswer(
            call -> {
              Span span = mock(RETURNS_SELF);
              startedSpans.add(span);
              return span;
            });
    when(propagator.extract(any(), any())).thenReturn(builder);
  }

  private void recordEvent(RunId run, Instant at) {
    var event = new RunResumed(SessionId.next(), run, QueryId.next(), 1, 1);
    runTracer.accept(new GenericEventMessage<>(new GenericEventMessage<>(event), () -> at));
  }

  @Test
  void beyondItsLimitTheOldestTraceEndsAtItsLastEvent() {
    var first = RunId.next();
    recordEvent(first, AT);
    for (int i = 1; i < RunTracer.RUNS_MAX; i++) recordEvent(RunId.next(), AT.plusSeconds(1));
    recordEvent(first, AT.plusSeconds(2));
    verify(startedSpans.getFirst(), never()).end(anyLong(), any());
    recordEvent(RunId.next(), AT.plusSeconds(3));
    assertThat(startedSpans).hasSize(RunTracer.RUNS_MAX + 1);
    verify(startedSpans.getFirst())
        .end(TimeUnit.SECONDS.toMicros(AT.plusSeconds(2).getEpochSecond()), TimeUnit.MICROSECONDS);
    for (var span : startedSpans.subList(1, startedSpans.size()))
      verify(span, never()).end(anyLong(), any());
  }
}
