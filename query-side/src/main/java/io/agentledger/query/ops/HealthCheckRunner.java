package io.agentledger.query.ops;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.api.ops.SystemHealthView.Status;
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
    var checks = healthChecks.stream().map(this::start).toList();
    var componentHealths = checks.stream().map(CompletableFuture::join).toList();
    var worst =
        componentHealths.stream()
            .map(ComponentHealth::status)
            .max(Comparator.naturalOrder())
            .orElse(Status.UP);
    return new SystemHealthView(worst, clock.instant(), node, componentHealths);
  }

  private CompletableFuture<ComponentHealth> start(HealthCheck healthCheck) {
    if (!pending.add(healthCheck))
      return CompletableFuture.completedFuture(
          down(healthCheck, "It has not answered since somebody looked before."));
    var check = new CompletableFuture<ComponentHealth>();
    Thread.ofVirtual().name("health-" + healthCheck.name()).start(() -> run(healthCheck, check));
    var timedOut = down(healthCheck, "It gave no answer within " + timeout.toMillis() + " ms.");
    return check.completeOnTimeout(timedOut, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** It may be asked again before it is known what it said. */
  /** It may be asked again before its answer is known: who has the answer asks at once, maybe. */
  private void run(HealthCheck healthCheck, CompletableFuture<ComponentHealth> health) {
    ComponentHealth componentHealth;
    try {
      componentHealth = healthCheck.check();
    } catch (Exception fault) {
      log.atWarn()
          .addKeyValue("part", healthCheck.name())
          .setCause(fault)
          .log("a part does not work");
      componentHealth =
          down(healthCheck, "It cannot be looked at: " + fault.getClass().getSimpleName() + ".");
    }
    pending.remove(healthCheck);
    health.complete(componentHealth);
  }

  private static ComponentHealth down(HealthCheck healthCheck, String reason) {
    return ComponentHealth.down(healthCheck.name(), reason, Map.of());
  }
}
