package io.agentledger.command.hook;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookEvent.HookArchived;
import io.agentledger.api.hook.HookEvent.HookChanged;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.support.LookupTable;
import io.agentledger.store.event.JsonMappers;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Table of the active hooks, updated in the transaction of the events, so that it has no delay. */
@ProcessingGroup(HookLookupTable.GROUP)
class HookLookupTable extends LookupTable {
  static final String GROUP = "hook-lookup";
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final String FROM_HOOKS_OF_SESSION =
      """
      from hook_lookup
      where tenant = ? and enabled and (scope = 'tenant'
        or scope = 'agent' and target = ? or scope = 'session' and target = ?)\
      """;

  HookLookupTable(JdbcClient sql) {
    super(sql, "hook_lookup", "hook_id");
  }

  /** Active hook. */
  record StoredHook(HookId id, String name, HookDefinition definition) {}

  @EventHandler
  void on(HookCreated event, TenantId tenant) {
    var definition = event.definition();
    sql.sql(
            """
            insert into hook_lookup
              (hook_id, tenant, scope, target, name, enabled, point, rank, definition)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)\
            """)
        .params(
            event.hookId().value(),
            tenant.value(),
            StableNames.of(event.scope().getClass()),
            event.scope().targetId(),
            event.name(),
            definition.enabled(),
            definition.point().name(),
            definition.order(),
            JSON.writeValueAsString(definition))
        .update();
  }

  @EventHandler
  void on(HookChanged event) {
    var definition = event.definition();
    sql.sql(
            """
            update hook_lookup set name = ?, enabled = ?, point = ?, rank = ?, definition = ?
            where hook_id = ?\
            """)
        .params(
            event.name(),
            definition.enabled(),
            definition.point().name(),
            definition.order(),
            JSON.writeValueAsString(definition),
            event.hookId().value())
        .update();
  }

  @EventHandler
  void on(HookArchived event) {
    remove(event.hookId());
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

  /** Returns the hooks of a hook point in the order in which they are called. */
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
