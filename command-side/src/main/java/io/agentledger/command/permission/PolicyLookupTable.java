package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyEvent.PolicyArchived;
import io.agentledger.api.permission.PolicyEvent.PolicyChanged;
import io.agentledger.api.permission.PolicyEvent.PolicyCreated;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.support.LookupTable;
import io.agentledger.store.Topology;
import io.agentledger.store.event.JsonMappers;
import io.agentledger.store.permission.ToolGroups;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Table of the current policies, updated in the transaction of the events, so that a change applies
 * to the next tool call on any node.
 */
@ProcessingGroup(PolicyLookupTable.GROUP)
class PolicyLookupTable extends LookupTable {
  static final String GROUP = "policy-lookup";
  private static final JsonMapper JSON = JsonMappers.mapper();

  PolicyLookupTable(JdbcClient sql, Topology topology) {
    super(sql, "policy_lookup", "policy_id", topology);
  }

  /**
   * Current version of a policy.
   *
   * @param inherited whether it is of a session that the session branched off, or of the trigger or
   *     channel that started it: only what restricts applies
   */
  record PolicyVersion(String policyId, long version, boolean inherited) {}

  /** Stored policy. */
  record StoredPolicy(PolicyVersion version, String name, PolicyDefinition definition) {}

  private static final String POLICIES_OF_SESSION =
      """
      select policy_id, version,
        scope = 'session' and target <> :session or scope in ('trigger', 'channel') as inherited,
        name, definition
      from policy_lookup
      where tenant = :tenant and (scope = 'tenant'
        or scope = 'agent' and target = :agent
        or scope in ('trigger', 'channel') and target in
          (select ancestor_id from session_ancestor where session_id = :session)
        or scope = 'session' and (target = :session or target in
          (select ancestor_id from session_ancestor where session_id = :session)))
      order by policy_id\
      """;

  @EventHandler
  void on(PolicyCreated event, TenantId tenant) {
    insert(
        event.policyId(),
        tenant,
        Map.of(
            "scope", StableNames.of(event.scope().getClass()),
            "target", event.scope().targetId(),
            "version", 1L,
            "name", event.name(),
            "definition", JSON.writeValueAsString(event.definition())));
  }

  @EventHandler
  void on(PolicyChanged event) {
    var definition = JSON.writeValueAsString(event.definition());
    var columns =
        Map.of("version", event.version(), "name", event.name(), "definition", definition);
    update(event.policyId(), columns);
  }

  @EventHandler
  void on(PolicyArchived event) {
    remove(event.policyId());
  }

  /** Remembers the sessions that a fork or clone branched off, and the channel of a chat. */
  @EventHandler
  void on(SessionOpened event) {
    if (event.origin() instanceof SessionOrigin.Chat chat)
      sql.sql("insert into session_ancestor (session_id, ancestor_id) values (?, ?)")
          .params(event.sessionId().value(), chat.channelId())
          .update();
    event
        .origin()
        .sourceSession()
        .ifPresent(
            source ->
                sql.sql(
                        """
                        insert into session_ancestor (session_id, ancestor_id)
                        select :session, :source union
                        select :session, ancestor_id from session_ancestor
                        where session_id = :source\
                        """)
                    .param("session", event.sessionId().value())
                    .param("source", source.value())
                    .update());
  }

  /** Remembers which executions a trigger started, before their sessions exist. */
  @EventHandler
  void on(ExecutionQueued event) {
    if (event.trigger() instanceof ExecutionTrigger.Webhook webhook)
      sql.sql("insert into triggered_execution (execution_id, trigger_id) values (?, ?)")
          .params(event.executionId().value(), webhook.triggerId().value())
          .update();
  }

  /** Makes the trigger an ancestor of the session, which its forks and clones inherit. */
  @EventHandler
  void on(ExecutionStarted event) {
    sql.sql(
            """
            insert into session_ancestor (session_id, ancestor_id)
            select ?, trigger_id from triggered_execution where execution_id = ?
            on conflict do nothing""")
        .params(event.sessionId().value(), event.executionId().value())
        .update();
  }

  @EventHandler
  void on(ExecutionSucceeded event) {
    forget(event.executionId());
  }

  @EventHandler
  void on(ExecutionFailed event) {
    forget(event.executionId());
  }

  @EventHandler
  void on(ExecutionCancelled event) {
    forget(event.executionId());
  }

  @EventHandler
  void on(ExecutionTimedOut event) {
    forget(event.executionId());
  }

  private void forget(ExecutionId execution) {
    sql.sql("delete from triggered_execution where execution_id = ?")
        .param(execution.value())
        .update();
  }

  /**
   * Returns the versions of the policies that apply to the session, and of the groups that they may
   * use, in a stable order.
   */
  List<PolicyVersion> findVersions(Subject subject) {
    return queryFor(
            subject,
            """
            select group_id, version, false from tool_group_lookup where tenant = :tenant
            union all
            select ancestor_id, 0, true from session_ancestor
            where session_id = :session and (starts_with(ancestor_id, 'trg_') or starts_with(ancestor_id, 'chn_'))
            union all
            select policy_id, version, inherited from (\
            """
                + POLICIES_OF_SESSION
                + ") policies order by 1")
        .query((row, n) -> versionOf(row))
        .list();
  }

  private JdbcClient.StatementSpec queryFor(Subject subject, String query) {
    return sql.sql(query)
        .param("tenant", subject.tenant().value())
        .param("agent", subject.agent().value())
        .param("session", subject.session().value());
  }

  private static PolicyVersion versionOf(ResultSet row) throws SQLException {
    return new PolicyVersion(row.getString(1), row.getLong(2), row.getBoolean(3));
  }

  /** Returns the definitions of the policies. */
  List<StoredPolicy> findPolicies(Subject subject) {
    return queryFor(subject, POLICIES_OF_SESSION)
        .query(
            (row, n) ->
                new StoredPolicy(
                    versionOf(row),
                    row.getString(4),
                    JSON.readValue(row.getString(5), PolicyDefinition.class)))
        .list();
  }

  /** Returns a policy that uses the tool group, if there is one. */
  Optional<String> findUserOf(TenantId tenant, String toolGroup) {
    return sql.sql(
            """
            select policy_id from policy_lookup
            where tenant = ? and strpos(definition, ?) > 0 order by policy_id limit 1\
            """)
        .params(tenant.value(), "\"" + ToolGroups.PREFIX + toolGroup + "\"")
        .query(String.class)
        .optional();
  }
}
