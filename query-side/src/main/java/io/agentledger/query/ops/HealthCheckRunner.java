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

  private final List<HealthCheck> parts;
  private final String node;
  private final Clock clock;
  private final Duration patience;
  private final Set<HealthCheck> pending = ConcurrentHashMap.newKeySet();

  HealthCheckRunner(List<HealthCheck> parts, String node, Clock clock, Duration patience) {
    this.parts = parts.stream().sorted(Comparator.comparing(HealthCheck::name)).toList();
    this.node = node;
    this.clock = clock;
    this.patience = patience;
  }

  /** Returns within the patience, whatever happens. */
  SystemHealthView look() {
    var looks = parts.stream().map(this::begin).toList();
    var views = looks.stream().map(CompletableFuture::join).toList();
    var worst =
        views.stream()
            .map(ComponentHealth::condition)
            .max(Comparator.naturalOrder())
            .orElse(Condition.GOOD);
    return new SystemHealthView(worst, clock.instant(), node, views);
  }

  private CompletableFuture<ComponentHealth> begin(HealthCheck part) {
    if (!pending.add(part))
      return CompletableFuture.completedFuture(
          broken(part, "It has not answered since somebody looked before."));
    var look = new CompletableFuture<ComponentHealth>();
    Thread.ofVirtual().name("health-" + part.name()).start(() -> look(part, look));
    var silent = broken(part, "It gave no answer within " + patience.toMillis() + " ms.");
    return look.completeOnTimeout(silent, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** It may be asked again before it is known what it said. */
  /** It may be asked again before its answer is known: who has the answer asks at once, maybe. */
  private void look(HealthCheck part, CompletableFuture<ComponentHealth> answer) {
    ComponentHealth view;
    try {
      view = part.look();
    } catch (Exception fault) {
      log.atWarn().addKeyValue("part", part.name()).setCause(fault).log("a part does not work");
      view = broken(part, "It cannot be looked at: " + fault.getClass().getSimpleName() + ".");
    }
    pending.remove(part);
    answer.complete(view);
  }

  private static ComponentHealth broken(HealthCheck part, String why) {
    return ComponentHealth.broken(part.name(), why, Map.of());
  }
}
