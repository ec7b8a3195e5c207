package io.agentledger.store.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.StableName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class MetricsInterceptorTest {
  @StableName("TestCommand")
  private record SampleCommand() {}

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MetricsInterceptor<CommandMessage<?>> metricsInterceptor =
      new MetricsInterceptor<>("commands", "command", () -> meters);

  private void handle(InterceptorChain chain) {
    CommandMessage<?> message =
        GenericCommandMessage.asCommandMessage(new SampleCommand())
            .withMetaData(Map.of("tenant", "tnt_a", "request", "req_a"));
    var unit = DefaultUnitOfWork.<CommandMessage<?>>startAndGet(message);
    var result = unit.executeWithResult(() -> metricsInterceptor.handle(unit, chain));
    if (result.isExceptional()) throw new IllegalStateException(result.exceptionResult());
  }

  private long count(String outcome) {
    return meters
        .get("commands")
        .tags("command", "TestCommand", "outcome", outcome)
        .timer()
        .count();
  }

  @Test
  void messagesAreCountedByTypeAndOutcome() {
    handle(() -> "done");
    assertThatThrownBy(
        () ->
            handle(
                () -> {
                  throw new RejectionException(new Rejection.Forbidden());
                }));
    assertThatThrownBy(
        () ->
            handle(
                () -> {
                  throw new IllegalArgumentException();
                }));
    assertThat(count("done")).isOne();
    assertThat(count("rejected")).isOne();
    assertThat(count("failed")).isOne();
  }

  @Test
  void logContextIsSetDuringHandlingAndClearedAfterwards() {
    MDC.put(LogContext.TENANT, "tnt_before");
    var during = new HashMap<String, String>();
    handle(
        () -> {
          during.putAll(MDC.getCopyOfContextMap());
          return "done";
        });
    assertThat(during)
        .containsEntry(LogContext.TENANT, "tnt_a")
        .containsEntry(LogContext.CORRELATION, "req_a");
    assertThat(MDC.get(LogContext.TENANT)).isEqualTo("tnt_before");
    assertThat(MDC.get(LogContext.CORRELATION)).isNull();
    MDC.clear();
  }
}
