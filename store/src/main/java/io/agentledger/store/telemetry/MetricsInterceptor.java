package io.agentledger.store.telemetry;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.ExecutionResult;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Measures the messages of a bus by type and outcome, and sets the logging context. The outermost
 * interceptor of its bus, so that rejected messages are counted.
 *
 * @param <M> message type of the bus
 */
public final class MetricsInterceptor<M extends Message<?>>
    implements MessageHandlerInterceptor<M> {
  private final String meter;
  private final String kind;
  private final Supplier<@Nullable MeterRegistry> registry;
  private final Map<TimerKey, Timer> timers = new ConcurrentHashMap<>();

  private record TimerKey(Class<?> type, String outcome) {}

  /**
   * Creates an interceptor.
   *
   * @param kind the tag with the name of the message
   * @param registry read at the first message of each type and outcome; null if metrics are off
   */
  public MetricsInterceptor(String meter, String kind, Supplier<@Nullable MeterRegistry> registry) {
    this.meter = meter;
    this.kind = kind;
    this.registry = registry;
  }

  @Override
  public @Nullable Object handle(UnitOfWork<? extends M> unit, InterceptorChain chain)
      throws Exception {
    var message = unit.getMessage();
    long startNanos = System.nanoTime();
    unit.onCleanup(
        unitOfWork ->
            record(
                message, outcome(unitOfWork.getExecutionResult()), System.nanoTime() - startNanos));
    try (var logContext = LogContext.open(message.getMetaData(), message.getIdentifier())) {
      return chain.proceed();
    }
  }

  /** Returns the outcome, which is known when the transaction has ended. */
  private static String outcome(@Nullable ExecutionResult result) {
    if (result == null || !result.isExceptionResult()) return "done";
    return isRejection(result.getExceptionResult()) ? "rejected" : "failed";
  }

  private static boolean isRejection(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause())
      if (cause instanceof RejectionException) return true;
    return false;
  }

  private void record(M message, String outcome, long nanos) {
    var timer =
        timers.computeIfAbsent(new TimerKey(message.getPayloadType(), outcome), this::timer);
    if (timer != null) timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  private @Nullable Timer timer(TimerKey key) {
    var meters = registry.get();
    return meters == null
        ? null
        : Timer.builder(meter)
            .description("Handled messages by type and outcome")
            .tags(kind, StableNames.of(key.type()), "outcome", key.outcome())
            .register(meters);
  }
}
