package io.agentledger.projection.ops;

import io.agentledger.api.ops.HealthCheck;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.projection.ops.ProcessorLags.ProcessorLag;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Health of the processors: lag, dead letters, and the node of each segment. */
final class ProcessorsHealthCheck implements HealthCheck {
  private static final Duration BEHIND_MAX = Duration.ofSeconds(30);

  private final ProcessorLags lags;
  private final JdbcClient sql;

  ProcessorsHealthCheck(ProcessorLags lags, JdbcClient sql) {
    this.lags = lags;
    this.sql = sql;
  }

  @Override
  public String name() {
    return "processors";
  }

  @Override
  public ComponentHealth check() {
    var all = lags.all();
    var details = new LinkedHashMap<String, Object>();
    for (var lag : all) details.put(lag.processor(), details(lag));
    var still = names(all, lag -> !lag.running() || lag.failing());
    if (!still.isEmpty())
      return ComponentHealth.down(
          name(),
          "Processors of this node have stopped: " + still + ". The log contains the cause.",
          details);
    var poisoned = names(all, lag -> lag.deadLetters() > 0);
    if (!poisoned.isEmpty())
      return ComponentHealth.degraded(
          name(),
          "Some events could not be processed: "
              + poisoned
              + ". POST /api/v1/admin/projections/{name}/dead-letters/retry tries them again.",
          details);
    var behind = names(all, lag -> lag.behind().compareTo(BEHIND_MAX) > 0);
    if (!behind.isEmpty())
      return ComponentHealth.degraded(
          name(), "Processors are behind and catching up: " + behind + ".", details);
    return ComponentHealth.up(name(), "The processors are up to date.", details);
  }

  private static String names(List<ProcessorLag> all, Predicate<ProcessorLag> troubled) {
    return all.stream()
        .filter(troubled)
        .map(ProcessorLag::processor)
        .collect(Collectors.joining(", "));
  }

  private Map<String, Object> details(ProcessorLag lag) {
    return Map.of(
        "running", lag.running() && !lag.failing(),
        "lag_events", lag.events(),
        "lag_seconds", lag.behind().toSeconds(),
        "dead_letters", lag.deadLetters(),
        "segments", segments(lag.processor()));
  }

  /** Returns the segments of all nodes; an unclaimed segment has an empty node name. */
  private List<Map<String, Object>> segments(String processor) {
    return sql.sql(
            "select segment, coalesce(owner, '') from token where processorname = ? order by 1")
        .param(processor)
        .query(
            (row, number) ->
                Map.<String, Object>of("segment", row.getInt(1), "node", row.getString(2)))
        .list();
  }
}
