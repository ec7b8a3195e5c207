package io.agentledger.command.hook;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookEvent.HookArchived;
import io.agentledger.api.hook.HookEvent.HookChanged;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.HookAttached;
import io.agentledger.api.session.event.LifecycleEvent.HookDetached;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.support.LookupTable;
import io.agentledger.store.Topology;
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
  private static final Set<HookPoint> CHANGING =
      EnumSet.of(
          HookPoint.PRE_TOOL_USE,
          HookPoint.POST_TOOL_USE,
          HookPoint.ELICITATION,
          HookPoint.ELICITATION_RESULT);

  /** Registered hooks of a session also concern its forks and clones; attached ones do not. */
  private static final String OF_SESSION =
      """
      (target = ? or not of_member and target in
        (select ancestor_id from session_ancestor where session_id = ?))\
      """;

  private static final String FROM_HOOKS_OF_SESSION =
      """
      from hook_lookup
      where tenant = ? and enabled and (scope = 'tenant'
        or scope = 'agent' and target = ? or scope = 'session' and\
      """
          + " "
          + OF_SESSION
          + ")";

  HookLookupTable(JdbcClient sql, Topology topology) {
    super(sql, "hook_lookup", "hook_id", topology);
  }

  /**
   * Active hook.
   *
   * @param ofMember whether the owner of a session attached it, not an admin
   */
  record StoredHook(HookId id, String name, HookDefinition definition, boolean ofMember) {}

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

  @EventHandler
  void on(HookAttached event, TenantId tenant) {
    var columns = columns(event.name(), event.definition());
    columns.put("scope", "session");
    columns.put("target", event.sessionId().value());
    columns.put("of_member", true);
    insert(event.hookId(), tenant, columns);
  }

  @EventHandler
  void on(HookDetached event) {
    remove(event.hookId());
  }

  /** Removes the hooks that are attached to a session that has ended permanently. */
  void removeAttached(SessionId session) {
    sql.sql("delete from hook_lookup where of_member and target = ?")
        .param(session.value())
        .update();
  }

  /** Returns the number of hooks that admins registered. */
  int countRegistered(TenantId tenant) {
    return sql.sql("select count(*) from hook_lookup where tenant = ? and not of_member")
        .param(tenant.value())
        .query(Integer.class)
        .single();
  }

  /** Returns whether a hook of the point may concern the session, whichever agent it has. */
  boolean mayBeCalled(TenantId tenant, SessionId session, HookPoint point) {
    if (isEmpty(tenant)) return false;
    return sql.sql(
            """
            select exists (select 1 from hook_lookup
              where tenant = ? and enabled and point = ? and (scope <> 'session' or\
            """
                + " "
                + OF_SESSION
                + "))")
        .params(tenant.value(), point.name(), session.value(), session.value())
        .query(Boolean.class)
        .single();
  }

  Set<HookPoint> pointsOf(Subject subject) {
    var points = EnumSet.noneOf(HookPoint.class);
    if (isEmpty(subject.tenant())) return points;
    sql.sql("select distinct point " + FROM_HOOKS_OF_SESSION)
        .params(
            subject.tenant().value(),
            subject.agent().value(),
            subject.session().value(),
            subject.session().value())
        .query(String.class)
        .list()
        .forEach(name -> points.add(HookPoint.valueOf(name)));
    return points;
  }

  /**
   * Returns the hooks of a hook point in the order in which they are called. Hooks of members are
   * called so that they weaken none of an admin: before them where they may change what is decided
   * about, otherwise after them.
   */
  List<StoredHook> findByPoint(Subject subject, HookPoint point) {
    if (isEmpty(subject.tenant())) return List.of();
    return sql.sql(
            "select hook_id, name, definition, of_member "
                + FROM_HOOKS_OF_SESSION
                + " and point = ? order by of_member "
                + (CHANGING.contains(point) ? "desc" : "asc")
                + ", rank, number")
        .params(
            subject.tenant().value(),
            subject.agent().value(),
            subject.session().value(),
            subject.session().value(),
            point.name())
        .query(
            (row, n) ->
                new StoredHook(
                    new HookId(row.getString(1)),
                    row.getString(2),
                    JSON.readValue(row.getString(3), HookDefinition.class),
                    row.getBoolean(4)))
        .list();
  }
}
