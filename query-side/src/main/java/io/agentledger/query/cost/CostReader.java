package io.agentledger.query.cost;

import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.cost.CostView.ModelCost;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.model.Usage;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Aggregates costs, from the rows of days if possible, otherwise from those of runs. */
record CostReader(JdbcClient sql) {

  private static final String RUNS_WITH_TASKS =
      """
      (select r.*, coalesce(e.task_id, '%s') as task_id
       from cost_run_row r
       left join cost_session_row s on s.session_id = r.session_id
       left join execution_row e on e.id = s.execution_id) runs"""
          .formatted(GroupBy.NO_TASK);

  /** Parameters of an aggregation except for its page. */
  record CostAggregation(TenantId tenant, GroupBy groupBy, CostFilter filter) {
    private boolean needsRuns() {
      return switch (groupBy) {
        case RUN, SESSION, TASK -> true;
        case DAY, USER, AGENT, MODEL -> filter.sessionId() != null;
      };
    }

    private String table() {
      if (groupBy == GroupBy.TASK) return RUNS_WITH_TASKS;
      return needsRuns() ? "cost_run_row" : "cost_day_row";
    }

    /** Returns a constant column name, never input of a client. */
    private String key() {
      return switch (groupBy) {
        case DAY -> "day::text";
        case USER -> "user_id";
        case AGENT -> "agent_id";
        case TASK -> "task_id";
        case SESSION -> "session_id";
        case RUN -> "run_id";
        case MODEL -> "model";
      };
    }

    private String where() {
      var conditions = new ArrayList<String>(List.of("tenant = :tenant"));
      add(conditions, filter.from(), "day >= :from");
      add(conditions, filter.to(), "day <= :to");
      add(conditions, filter.userId(), "user_id = :user");
      add(conditions, filter.agentId(), "agent_id = :agent");
      add(conditions, filter.sessionId(), "session_id = :session");
      add(conditions, filter.model(), "model = :model");
      return String.join(" and ", conditions);
    }

    private static void add(List<String> to, @Nullable Object value, String condition) {
      if (value != null) to.add(condition);
    }

    private Map<String, Object> parameters() {
      Map<String, Object> parameters = new LinkedHashMap<>();
      parameters.put("tenant", tenant.value());
      put(parameters, "from", filter.from());
      put(parameters, "to", filter.to());
      put(parameters, "user", text(filter.userId()));
      put(parameters, "agent", text(filter.agentId()));
      put(parameters, "session", text(filter.sessionId()));
      put(parameters, "model", filter.model());
      return parameters;
    }

    private static void put(Map<String, Object> to, String name, @Nullable Object value) {
      if (value != null) to.put(name, value);
    }

    private static @Nullable String text(@Nullable Id id) {
      return id == null ? null : id.value();
    }
  }

  /** Returns groups in the order of their keys, after {@code after}. */
  List<CostView> page(CostAggregation costAggregation, String after, int limit) {
    var keys =
        sql.sql(
                """
                select %1$s as key from %2$s where %3$s and %1$s > :after
                group by 1 order by 1 limit :limit"""
                    .formatted(
                        costAggregation.key(), costAggregation.table(), costAggregation.where()))
            .params(costAggregation.parameters())
            .param("after", after)
            .param("limit", limit)
            .query(String.class)
            .list();
    if (keys.isEmpty()) return List.of();
    var models = new LinkedHashMap<String, List<ModelCost>>();
    keys.forEach(key -> models.put(key, new ArrayList<>()));
    addModelCosts(costAggregation, keys, models);
    return models.entrySet().stream().map(entry -> view(entry.getKey(), entry.getValue())).toList();
  }

  private void addModelCosts(
      CostAggregation costAggregation, List<String> keys, Map<String, List<ModelCost>> models) {
    sql.sql(
            """
            select %1$s as key, model, sum(input_tokens) as input, sum(output_tokens) as output,
              sum(cache_read_tokens) as cache_read, sum(cache_write_5m_tokens) as cache_write,
              sum(cache_write_1h_tokens) as long_cache_write, sum(cost_nanos) as cost,
              sum(turns) as turns, sum(unpriced_turns) as unpriced
            from %2$s where %3$s and %1$s in (:keys) group by 1, 2 order by 1, 2"""
                .formatted(costAggregation.key(), costAggregation.table(), costAggregation.where()))
        .params(costAggregation.parameters())
        .param("keys", keys)
        .query(
            row -> {
              var modelCosts = models.get(row.getString("key"));
              if (modelCosts != null) modelCosts.add(model(row));
            });
  }

  private static ModelCost model(ResultSet row) throws SQLException {
    return new ModelCost(
        row.getString("model"),
        new Usage(
            row.getLong("input"),
            row.getLong("output"),
            row.getLong("cache_read"),
            row.getLong("cache_write"),
            row.getLong("long_cache_write")),
        new Money(row.getLong("cost")),
        row.getLong("turns"),
        row.getLong("unpriced") == 0);
  }

  private static CostView view(String key, List<ModelCost> models) {
    return new CostView(
        key,
        models.stream().map(ModelCost::usage).reduce(Usage.ZERO, Usage::plus),
        models.stream().map(ModelCost::costUsd).reduce(Money.ZERO, Money::plus),
        models.stream().mapToLong(ModelCost::turns).sum(),
        models.stream().allMatch(ModelCost::costKnown),
        List.copyOf(models));
  }
}
