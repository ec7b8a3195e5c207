package io.agentledger.query.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.api.ops.SystemHealthView.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class HealthCheckRunnerTest {
  private static final Duration TIMEOUT = Duration.ofMillis(300);
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private record StubHealthCheck(String name, Callable<ComponentHealth> answer)
      implements HealthCheck {
    @Override
    public ComponentHealth check() throws Exception {
      return answer.call();
    }
  }

  private static StubHealthCheck up(String name) {
    return new StubHealthCheck(name, () -> ComponentHealth.up(name, "Fine.", Map.of("one", 1)));
  }

  private static HealthCheckRunner runnerOf(HealthCheck... healthChecks) {
    return new HealthCheckRunner(
        List.of(healthChecks), "node_a", Clock.fixed(NOW, ZoneOffset.UTC), TIMEOUT);
  }

  @Test
  void overallStatusIsTheWorstComponentStatus() {
    assertThat(runnerOf(up("b"), up("a")).check().status()).isEqualTo(Status.UP);
    var limping = new StubHealthCheck("c", () -> ComponentHealth.degraded("c", "Slow.", Map.of()));
    var view = runnerOf(up("b"), limping, up("a")).check();
    assertThat(view.status()).isEqualTo(Status.DEGRADED);
    assertThat(view.components()).extracting(ComponentHealth::name).containsExactly("a", "b", "c");
    assertThat(view.checkedAt()).isEqualTo(NOW);
    assertThat(view.node()).isEqualTo("node_a");
  }

  @Test
  void failedComponentIsDownWithoutItsSecretsAndTheOthersReport() {
    var failing =
        new StubHealthCheck(
            "failing",
            () -> {
              throw new IllegalStateException("password=hunter2");
            });
    var view = runnerOf(failing, up("other")).check();
    assertThat(view.status()).isEqualTo(Status.DOWN);
    assertThat(view.components().getFirst().message())
        .contains("IllegalStateException")
        .doesNotContain("hunter2");
    assertThat(view.components().getLast().status()).isEqualTo(Status.UP);
  }

  @Test
  void repeatedRequestsAreAnswered() {
    var healthCheckRunner = runnerOf(up("a"), up("b"));
    for (int i = 0; i < 2_000; i++)
      assertThat(healthCheckRunner.check().status()).as("look " + i).isEqualTo(Status.UP);
  }

  @Test
  void hangingComponentTimesOutAndIsNotCheckedAgainUntilItReturns() throws Exception {
    var release = new CountDownLatch(1);
    var request = new AtomicInteger();
    var hanging =
        new StubHealthCheck(
            "hanging",
            () -> {
              request.incrementAndGet();
              release.await();
              return ComponentHealth.up("hanging", "At last.", Map.of());
            });
    var healthCheckRunner = runnerOf(hanging, up("other"));

    long startNanos = System.nanoTime();
    var view = healthCheckRunner.check();
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
        .isLessThan(TIMEOUT.multipliedBy(10));
    assertThat(view.components())
        .extracting(ComponentHealth::status)
        .containsExactly(Status.DOWN, Status.UP);

    for (int i = 0; i < 5; i++)
      assertThat(healthCheckRunner.check().components().getFirst().status()).isEqualTo(Status.DOWN);
    assertThat(request).hasValue(1);

    release.countDown();
    Awaitility.await().until(() -> healthCheckRunner.check().status() == Status.UP);
  }
}
