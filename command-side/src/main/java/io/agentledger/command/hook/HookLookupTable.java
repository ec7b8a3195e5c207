package io.agentledger.command.hook;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.store.event.JsonMappers;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table of hooks that are called now, kept in the transaction of the events that say so. It is
 * no projection, and lags behind nothing.
 */
final class HookLookupTable {
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final String FROM_HOOKS_OF_SESSION =
      """
      from hook_lookup
      where tenant = ? and enabled and (scope = 'tenant'
        or scope = 'agent' and target = ? or scope = 'session' and target = ?)\
      """;

  private final JdbcClient sql;

  HookLookupTable(JdbcClient sql) {
    this.sql = sql;
  }

  /** A hook that is called. */
  record StoredHook(HookId id, String name, HookDefinition definition) {}

  void add(TenantId tenant, PolicyScope scope, StoredHook hook) {
    sql.sql(
            """
            insert into hook_lookup
              (hook_id, tenant, scope, target, name, enabled, point, rank, definition)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """)
        .params(
            hook.id().value(),
            tenant.value(),
            StableNames.of(scope.getClass()),
            scope.targetId(),
            hook.name(),
            hook.definition().enabled(),
            hook.definition().point().name(),
            hook.definition().order(),
            JSON.writeValueAsString(hook.definition()))
        .update();
  }

  void replace(StoredHook hook) {
    sql.sql(
            """
            update hook_lookup set name = ?, enabled = ?, point = ?, rank = ?, definition = ?
            where hook_id = ?\
            """)
        .params(
            hook.name(),
            hook.definition().enabled(),
            hook.definition().point().name(),
            hook.definition().order(),
            JSON.writeValueAsString(hook.definition()),
            hook.id().value())
        .update();
  }

  void remove(HookId id) {
    sql.sql("delete from hook_lookup where hook_id = ?").param(id.value()).update();
  }

  int countOf(TenantId tenant) {
    return sql.sql("select count(*) from hook_lookup where tenant = ?")
        .param(tenant.value())
        .query(Integer.class)
        .single();
  }

  Set<HookPoint> pointsOf(Subject subject) {
    var points = EnumSet.noneOf(HookPoint.class);
    sql.sql("select distinct point " + FROM_HOOKS_OF_SESSION)
        .params(subject.tenant().value(), subject.agent().value(), subject.session().value())
        .query(String.class)
        .list()
        .forEach(name -> points.add(HookPoint.valueOf(name)));
    return points;
  }

  /** Those at a point, in the order in which they are called. */
  List<StoredHook> findByPoint(Subject subject, HookPoint point) {
    return sql.sql(
            "select hook_id, name, definition "
                + FROM_HOOKS_OF_SESSION
                + " and point = ? order by rank, number")
        .params(
            subject.tenant().value(),
            subject.agent().value(),
            subject.session().value(),
            point.name())
        .query(
            (row, n) ->
                new StoredHook(
                    new HookId(row.getString(1)),
                    row.getString(2),
                    JSON.readValue(row.getString(3), HookDefinition.class)))
        .list();
  }
}
