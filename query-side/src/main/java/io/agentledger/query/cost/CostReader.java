package io.agentledger.query.cost;

import io.agentledger.api.cost.CostHistogramView;
import io.agentledger.api.cost.CostHistogramView.Bucket;
import io.agentledger.api.cost.CostQuery.CostFilter;
import io.agentledger.api.cost.CostQuery.CostUnit;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.cost.CostView;
import io.agentledger.api.cost.CostView.ModelCost;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.model.Usage;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Aggregates costs, from the rows of days if possible, otherwise from those of runs. */
record CostReader(JdbcClient sql) {

  /** Upper limits of the buckets of a histogram; the last bucket has none. */
  private static final List<Money> LIMITS =
      Stream.of(
              "0", "0.001", "0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20",
              "50", "100")
          .map(Money::ofUsd)
          .toList();

  private static final String RUNS_WITH_TASKS =
      """
      (select r.*, coalesce(e.task_id, '%1$s') as task_id,
         coalesce(s.execution_id, '%1$s') as execution_id
       from cost_run_row r
       left join cost_session_row s on s.session_id = r.session_id
       left join execution_row e on e.id = s.execution_id) runs"""
          .formatted(GroupBy.NO_TASK);

  /** The executions of a flow begin the trees of those that their agents started. */
  private static final String RUNS_WITH_FLOWS =
      """
      (select r.*, coalesce(f.flow_id, '%1$s') as flow_id
       from (select * from %2$s) r
       left join (
         with recursive flow_execution as (
           select id, flow_id from execution_row
           where tenant = :tenant and flow_id is not null %3$s
           union all
           select child.id, parent.flow_id
           from execution_row child
           join flow_execution parent on child.parent_execution_id = parent.id)
         select id, flow_id from flow_execution) f on f.id = r.execution_id) flow_runs""";

  /** Parameters of an aggregation except for its page. */
  record CostAggregation(TenantId tenant, GroupBy groupBy, CostFilter filter) {
    private boolean needsRuns() {
      return switch (groupBy) {
        case RUN, SESSION, TASK, EXECUTION, FLOW -> true;
        case DAY, USER, AGENT, MODEL -> filter.sessionId() != null;
      };
    }

    private boolean needsTasks() {
      return groupBy == GroupBy.TASK
          || groupBy == GroupBy.EXECUTION
          || filter.taskId() != null
          || filter.executionId() != null;
    }

    private boolean needsFlows() {
      return groupBy == GroupBy.FLOW || filter.flowId() != null;
    }

    private String table() {
      if (needsFlows())
        return RUNS_WITH_FLOWS.formatted(
            GroupBy.NO_TASK, RUNS_WITH_TASKS, filter.flowId() == null ? "" : "and flow_id = :flow");
      if (needsTasks()) return RUNS_WITH_TASKS;
      return needsRuns() ? "cost_run_row" : "cost_day_row";
    }

    /** Returns a constant column name, never input of a client. */
    private String key() {
      return switch (groupBy) {
        case DAY -> "day::text";
        case USER -> "user_id";
        case AGENT -> "agent_id";
        case TASK -> "task_id";
        case EXECUTION -> "execution_id";
        case FLOW -> "flow_id";
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
      add(conditions, filter.taskId(), "task_id = :task");
      add(conditions, filter.executionId(), "execution_id = :execution");
      add(conditions, filter.flowId(), "flow_id = :flow");
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
      put(parameters, "task", text(filter.taskId()));
      put(parameters, "execution", text(filter.executionId()));
      put(parameters, "flow", text(filter.flowId()));
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

  /** Returns the costs of all units that the filter selects, from the least to the greatest. */
  CostHistogramView histogram(TenantId tenant, CostUnit unit, CostFilter filter, DayRange days) {
    var groupBy =
        switch (unit) {
          case RUN -> GroupBy.RUN;
          case SESSION -> GroupBy.SESSION;
          case EXECUTION -> GroupBy.EXECUTION;
          case FLOW -> GroupBy.FLOW;
        };
    var selected = filter.withDays(days.from(), days.to());
    var aggregation = new CostAggregation(tenant, groupBy, selected);
    var units =
        """
        with units as (
          select sum(cost_nanos)::bigint as cost from %s where %s and %3$s <> '%4$s' group by %3$s)
        """
            .formatted(
                aggregation.table(), aggregation.where(), aggregation.key(), GroupBy.NO_TASK);
    var buckets = buckets(units, aggregation);
    return sql.sql(
            units
                + """
                select count(*) as units, coalesce(sum(cost), 0)::bigint as total,
                  coalesce(avg(cost), 0)::bigint as mean, coalesce(max(cost), 0) as greatest,
                  coalesce(percentile_disc(0.5) within group (order by cost), 0) as p50,
                  coalesce(percentile_disc(0.95) within group (order by cost), 0) as p95
                from units""")
        .params(aggregation.parameters())
        .query(
            (row, number) ->
                new CostHistogramView(
                    unit,
                    days.from(),
                    days.to(),
                    row.getLong("units"),
                    new Money(row.getLong("total")),
                    new Money(row.getLong("mean")),
                    new Money(row.getLong("p50")),
                    new Money(row.getLong("p95")),
                    new Money(row.getLong("greatest")),
                    buckets))
        .single();
  }

  /** Returns the histogram of no unit at all. */
  static CostHistogramView emptyHistogram(CostUnit unit, DayRange days) {
    var none = new long[LIMITS.size() + 1];
    return new CostHistogramView(
        unit,
        days.from(),
        days.to(),
        0,
        Money.ZERO,
        Money.ZERO,
        Money.ZERO,
        Money.ZERO,
        Money.ZERO,
        buckets(none, none));
  }

  /** First and last day, both included. */
  record DayRange(LocalDate from, LocalDate to) {}

  private List<Bucket> buckets(String units, CostAggregation aggregation) {
    var counts = new long[LIMITS.size() + 1];
    var costs = new long[LIMITS.size() + 1];
    // A bucket contains its upper limit, whereas width_bucket puts it into the next one.
    sql.sql(
            units
                + """
                select width_bucket(cost - 1, :limits::bigint[]) as bucket, count(*) as units,
                  sum(cost)::bigint as cost
                from units group by 1""")
        .params(aggregation.parameters())
        .param("limits", LIMITS.stream().map(Money::nanos).toArray(Long[]::new))
        .query(
            row -> {
              int bucket = row.getInt("bucket");
              counts[bucket] = row.getLong("units");
              costs[bucket] = row.getLong("cost");
            });
    return buckets(counts, costs);
  }

  private static List<Bucket> buckets(long[] counts, long[] costs) {
    var buckets = new ArrayList<Bucket>();
    for (int i = 0; i < counts.length; i++) {
      var limit = i < LIMITS.size() ? LIMITS.get(i) : null;
      buckets.add(new Bucket(limit, counts[i], new Money(costs[i])));
    }
    return List.copyOf(buckets);
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
