package io.agentledger.query.ops;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.api.ops.SystemHealthView.Condition;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at all parts at once and waits for none longer than its patience: what fails or is silent
 * is broken, and the others are shown all the same. A part that hangs is not asked again until it
 * has answered, so that looking often does no harm.
 */
final class HealthCheckRunner {
  private static final Logger log = LoggerFactory.getLogger(HealthCheckRunner.class);

  private final List<HealthCheck> healthChecks;
  private final String node;
  private final Clock clock;
  private final Duration timeout;
  private final Set<HealthCheck> pending = ConcurrentHashMap.newKeySet();

  HealthCheckRunner(List<HealthCheck> healthChecks, String node, Clock clock, Duration timeout) {
    this.healthChecks =
        healthChecks.stream().sorted(Comparator.comparing(HealthCheck::name)).toList();
    this.node = node;
    this.clock = clock;
    this.timeout = timeout;
  }

  /** Returns within the patience, whatever happens. */
  SystemHealthView check() {
    var looks = healthChecks.stream().map(this::start).toList();
    var componentHealths = looks.stream().map(CompletableFuture::join).toList();
    var worst =
        componentHealths.stream()
            .map(ComponentHealth::condition)
            .max(Comparator.naturalOrder())
            .orElse(Condition.GOOD);
    return new SystemHealthView(worst, clock.instant(), node, componentHealths);
  }

  private CompletableFuture<ComponentHealth> start(HealthCheck healthCheck) {
    if (!pending.add(healthCheck))
      return CompletableFuture.completedFuture(
          broken(healthCheck, "It has not answered since somebody looked before."));
    var look = new CompletableFuture<ComponentHealth>();
    Thread.ofVirtual().name("health-" + healthCheck.name()).start(() -> check(healthCheck, look));
    var silent = broken(healthCheck, "It gave no answer within " + timeout.toMillis() + " ms.");
    return look.completeOnTimeout(silent, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** It may be asked again before it is known what it said. */
  /** It may be asked again before its answer is known: who has the answer asks at once, maybe. */
  private void check(HealthCheck healthCheck, CompletableFuture<ComponentHealth> answer) {
    ComponentHealth componentHealth;
    try {
      componentHealth = healthCheck.check();
    } catch (Exception fault) {
      log.atWarn()
          .addKeyValue("part", healthCheck.name())
          .setCause(fault)
          .log("a part does not work");
      componentHealth =
          broken(healthCheck, "It cannot be looked at: " + fault.getClass().getSimpleName() + ".");
    }
    pending.remove(healthCheck);
    answer.complete(componentHealth);
  }

  private static ComponentHealth broken(HealthCheck healthCheck, String why) {
    return ComponentHealth.broken(healthCheck.name(), why, Map.of());
  }
}
