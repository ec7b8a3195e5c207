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
 * Health of the nodes that hold a processor's token and have renewed it lately. A node without a
 * token is not included.
 */
final class NodesHealthCheck implements HealthCheck {
  /** Claims are renewed every five seconds. */
  private static final Duration HEARTBEAT_AGE_MAX = Duration.ofSeconds(30);

  private final JdbcClient sql;
  private final Clock clock;
  private final String node;

  NodesHealthCheck(JdbcClient sql, Clock clock, String node) {
    this.sql = sql;
    this.clock = clock;
    this.node = node;
  }

  @Override
  public String name() {
    return "nodes";
  }

  private record NodeHeartbeat(String node, Instant lastSeen) {}

  @Override
  public ComponentHealth check() {
    var since = clock.instant().minus(HEARTBEAT_AGE_MAX);
    List<Map<String, Object>> alive =
        sql
            .sql("select owner, max(timestamp) from token where owner is not null group by owner")
            .query(
                (row, number) ->
                    new NodeHeartbeat(row.getString(1), Instant.parse(row.getString(2))))
            .list()
            .stream()
            .filter(heartbeat -> heartbeat.lastSeen().isAfter(since))
            .map(
                heartbeat ->
                    Map.<String, Object>of(
                        "node", heartbeat.node(), "seen_at", heartbeat.lastSeen()))
            .toList();
    var details = Map.<String, Object>of("this", node, "alive", alive);
    return alive.isEmpty()
        ? ComponentHealth.down(name(), "No node reads events.", details)
        : ComponentHealth.up(name(), "At least one node reads events.", details);
  }
}
