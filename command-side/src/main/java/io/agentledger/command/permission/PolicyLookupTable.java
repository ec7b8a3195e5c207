package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyEvent.PolicyArchived;
import io.agentledger.api.permission.PolicyEvent.PolicyChanged;
import io.agentledger.api.permission.PolicyEvent.PolicyCreated;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.support.LookupTable;
import io.agentledger.store.event.JsonMappers;
import io.agentledger.store.permission.ToolGroups;
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
  private static final JsonMapper JSON = json();

  PolicyLookupTable(JdbcClient sql) {
    super(sql, "policy_lookup", "policy_id");
  }

  /** Current version of a policy. */
  record PolicyVersion(String policyId, long version) {}

  /** Stored policy. */
  record StoredPolicy(PolicyVersion version, String name, PolicyDefinition definition) {}

  private static final String FROM_POLICIES_OF_SESSION =
      """
      from policy_lookup
      where tenant = ? and (scope = 'tenant'
        or scope = 'agent' and target = ? or scope = 'session' and target = ?)
      order by policy_id\
      """;

  private static JsonMapper json() {
    var json = JsonMapper.builder();
    JsonMappers.configureStored(json);
    return json.build();
  }

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

  /**
   * Returns the versions of the policies that apply to the session, and of the groups that they may
   * use, in a stable order.
   */
  List<PolicyVersion> findVersions(Subject subject) {
    return sql.sql(
            """
            select group_id, version from tool_group_lookup where tenant = ?
            union all
            (select policy_id, version\
            """
                + " "
                + FROM_POLICIES_OF_SESSION
                + ") order by 1")
        .params(
            subject.tenant().value(),
            subject.tenant().value(),
            subject.agent().value(),
            subject.session().value())
        .query((row, n) -> new PolicyVersion(row.getString(1), row.getLong(2)))
        .list();
  }

  /** Returns the definitions of the policies. */
  List<StoredPolicy> findPolicies(Subject subject) {
    return sql.sql("select policy_id, version, name, definition " + FROM_POLICIES_OF_SESSION)
        .params(subject.tenant().value(), subject.agent().value(), subject.session().value())
        .query(
            (row, n) ->
                new StoredPolicy(
                    new PolicyVersion(row.getString(1), row.getLong(2)),
                    row.getString(3),
                    JSON.readValue(row.getString(4), PolicyDefinition.class)))
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
