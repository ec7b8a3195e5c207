package io.agentledger.store.event;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which nodes are alive: those that hold a processor's token and have said so lately. A node that
 * has none, since the others were quicker, is not seen here.
 */
final class NodesHealthCheck implements HealthCheck {
  /** Claims are renewed every five seconds. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  private final JdbcClient sql;
  private final Clock clock;
  private final String here;

  NodesHealthCheck(JdbcClient sql, Clock clock, String here) {
    this.sql = sql;
    this.clock = clock;
    this.here = here;
  }

  @Override
  public String name() {
    return "nodes";
  }

  private record Seen(String node, Instant last) {}

  @Override
  public ComponentHealth check() {
    var since = clock.instant().minus(SILENCE_MAX);
    List<Map<String, Object>> alive =
        sql
            .sql("select owner, max(timestamp) from token where owner is not null group by owner")
            .query((row, number) -> new Seen(row.getString(1), Instant.parse(row.getString(2))))
            .list()
            .stream()
            .filter(seen -> seen.last().isAfter(since))
            .map(seen -> Map.<String, Object>of("node", seen.node(), "seen_at", seen.last()))
            .toList();
    var facts = Map.<String, Object>of("this", here, "alive", alive);
    return alive.isEmpty()
        ? ComponentHealth.broken(name(), "No node reads events.", facts)
        : ComponentHealth.good(name(), "Nodes that read events are alive.", facts);
  }
}
