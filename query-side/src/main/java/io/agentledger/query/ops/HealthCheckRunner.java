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
 * Runs all health checks concurrently with a timeout. A check that fails or exceeds the timeout is
 * reported as down; the others are not affected. A hanging check is not started again until it has
 * returned, so that frequent calls do no harm.
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

  /** Returns within the timeout in any case. */
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
          down(healthCheck, "An earlier check of this component has not returned yet."));
    var check = new CompletableFuture<ComponentHealth>();
    Thread.ofVirtual().name("health-" + healthCheck.name()).start(() -> run(healthCheck, check));
    var timedOut =
        down(healthCheck, "The check did not return within " + timeout.toMillis() + " ms.");
    return check.completeOnTimeout(timedOut, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Runs a check and removes it from {@code pending} before its result is published, because a
   * caller may start the next check as soon as it has the result.
   */
  private void run(HealthCheck healthCheck, CompletableFuture<ComponentHealth> health) {
    ComponentHealth componentHealth;
    try {
      componentHealth = healthCheck.check();
    } catch (Exception fault) {
      log.atWarn()
          .addKeyValue("part", healthCheck.name())
          .setCause(fault)
          .log("a component does not work");
      componentHealth =
          down(healthCheck, "The check failed: " + fault.getClass().getSimpleName() + ".");
    }
    pending.remove(healthCheck);
    health.complete(componentHealth);
  }

  private static ComponentHealth down(HealthCheck healthCheck, String reason) {
    return ComponentHealth.down(healthCheck.name(), reason, Map.of());
  }
}
