package io.agentledger.command.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.command.model.UpstreamMonitor;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Test;

class RunTracerTest {
  private static final Instant AT = Instant.parse("2026-11-20T09:00:00Z");

  /** Spans by their start, each with the times at which it was ended, in microseconds. */
  private final List<List<Long>> endsOfSpans = new ArrayList<>();

  private final Propagator propagator =
      implement(
          Propagator.class, (method, arguments) -> implement(Span.Builder.class, this::build));
  private final RunTracer runTracer =
      new RunTracer(
          new SpanWriter(Tracer.NOOP, propagator),
          new UpstreamMonitor(Clock.systemUTC(), CircuitBreaker.ofDefaults("model")));

  private Object build(Method method, Object[] arguments) {
    if (!method.getName().equals("start")) return null;
    var ends = new ArrayList<Long>();
    endsOfSpans.add(ends);
    return implement(
        Span.class,
        (called, times) -> {
          if (called.getName().equals("end"))
            ends.add(((TimeUnit) times[1]).toMicros((Long) times[0]));
          return null;
        });
  }

  /** Returns an object that answers with itself where the answer is null and it fits. */
  private static <T> T implement(Class<T> type, BiFunction<Method, Object[], Object> answers) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          Object answer = answers.apply(method, arguments);
          return answer == null && method.getReturnType().isInstance(proxy) ? proxy : answer;
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
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
    assertThat(endsOfSpans.getFirst()).isEmpty();
    recordEvent(RunId.next(), AT.plusSeconds(3));
    assertThat(endsOfSpans).hasSize(RunTracer.RUNS_MAX + 1);
    assertThat(endsOfSpans.getFirst())
        .containsExactly(TimeUnit.SECONDS.toMicros(AT.plusSeconds(2).getEpochSecond()));
    assertThat(endsOfSpans.subList(1, endsOfSpans.size())).allMatch(List::isEmpty);
  }
}
