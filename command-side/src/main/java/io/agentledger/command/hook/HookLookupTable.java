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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    var columns = columns(event.name(), event.definition());
    columns.put("scope", StableNames.of(event.scope().getClass()));
    columns.put("target", event.scope().targetId());
    insert(event.hookId(), tenant, columns);
  }

  @EventHandler
  void on(HookChanged event) {
    update(event.hookId(), columns(event.name(), event.definition()));
  }

  private static Map<String, Object> columns(String name, HookDefinition definition) {
    return new HashMap<>(
        Map.of(
            "name", name,
            "enabled", definition.enabled(),
            "point", definition.point().name(),
            "rank", definition.order(),
            "definition", JSON.writeValueAsString(definition)));
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
