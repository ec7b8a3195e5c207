package io.agentledger.query.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.api.ops.SystemHealthView.Condition;
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

  private record Part(String name, Callable<ComponentHealth> answer) implements HealthCheck {
    @Override
    public ComponentHealth check() throws Exception {
      return answer.call();
    }
  }

  private static Part good(String name) {
    return new Part(name, () -> ComponentHealth.good(name, "Fine.", Map.of("one", 1)));
  }

  private static HealthCheckRunner checkup(HealthCheck... healthChecks) {
    return new HealthCheckRunner(
        List.of(healthChecks), "node_a", Clock.fixed(NOW, ZoneOffset.UTC), TIMEOUT);
  }

  @Test
  void theWholeIsAsGoodAsItsWorstPart() {
    assertThat(checkup(good("b"), good("a")).check().condition()).isEqualTo(Condition.GOOD);
    var limping = new Part("c", () -> ComponentHealth.degraded("c", "Slow.", Map.of()));
    var view = checkup(good("b"), limping, good("a")).check();
    assertThat(view.condition()).isEqualTo(Condition.DEGRADED);
    assertThat(view.parts()).extracting(ComponentHealth::name).containsExactly("a", "b", "c");
    assertThat(view.at()).isEqualTo(NOW);
    assertThat(view.node()).isEqualTo("node_a");
  }

  @Test
  void aPartThatFailsIsBrokenWithoutItsSecretsAndTheOthersAnswer() {
    var failing =
        new Part(
            "failing",
            () -> {
              throw new IllegalStateException("password=hunter2");
            });
    var view = checkup(failing, good("other")).check();
    assertThat(view.condition()).isEqualTo(Condition.BROKEN);
    assertThat(view.parts().getFirst().message())
        .contains("IllegalStateException")
        .doesNotContain("hunter2");
    assertThat(view.parts().getLast().condition()).isEqualTo(Condition.GOOD);
  }

  @Test
  void whoLooksAgainAtOnceIsAnsweredEachTime() {
    var healthCheckRunner = checkup(good("a"), good("b"));
    for (int i = 0; i < 2_000; i++)
      assertThat(healthCheckRunner.check().condition()).as("look " + i).isEqualTo(Condition.GOOD);
  }

  @Test
  void aPartThatHangsIsWaitedForOnlyAWhileAndNotAskedAgainBeforeItAnswers() throws Exception {
    var release = new CountDownLatch(1);
    var asked = new AtomicInteger();
    var hanging =
        new Part(
            "hanging",
            () -> {
              asked.incrementAndGet();
              release.await();
              return ComponentHealth.good("hanging", "At last.", Map.of());
            });
    var healthCheckRunner = checkup(hanging, good("other"));

    long begun = System.nanoTime();
    var view = healthCheckRunner.check();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TIMEOUT.multipliedBy(10));
    assertThat(view.parts())
        .extracting(ComponentHealth::condition)
        .containsExactly(Condition.BROKEN, Condition.GOOD);

    for (int i = 0; i < 5; i++)
      assertThat(healthCheckRunner.check().parts().getFirst().condition())
          .isEqualTo(Condition.BROKEN);
    assertThat(asked).hasValue(1);

    release.countDown();
    Awaitility.await().until(() -> healthCheckRunner.check().condition() == Condition.GOOD);
  }
}
