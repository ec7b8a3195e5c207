package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.store.event.JsonMappers;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table of what counts now, kept in the transaction of the events that say so: a policy that
 * was answered decides the next call on any node. It is no projection, and lags behind nothing.
 */
final class PolicyLookupTable {
  private static final JsonMapper JSON = json();

  private final JdbcClient sql;

  PolicyLookupTable(JdbcClient sql) {
    this.sql = sql;
  }

  /** Which version of a policy counts. */
  record InForce(String policyId, long version) {}

  /** What it says. */
  record Text(InForce of, String name, PolicyDefinition terms) {}

  private static final String FOR_A_SESSION =
      """
      from policy_in_force
      where tenant = ? and (scope = 'tenant'
        or scope = 'agent' and target = ? or scope = 'session' and target = ?)
      order by policy_id\
      """;

  private static JsonMapper json() {
    var json = JsonMapper.builder();
    JsonMappers.configure(json);
    return json.build();
  }

  void add(TenantId tenant, PolicyScope scope, Text text) {
    sql.sql(
            """
            insert into policy_in_force (policy_id, tenant, scope, target, version, name, terms)
            values (?, ?, ?, ?, ?, ?, ?)\
            """)
        .params(
            text.of().policyId(),
            tenant.value(),
            StableNames.of(scope.getClass()),
            scope.target(),
            text.of().version(),
            text.name(),
            JSON.writeValueAsString(text.terms()))
        .update();
  }

  void replace(Text text) {
    sql.sql("update policy_in_force set version = ?, name = ?, terms = ? where policy_id = ?")
        .params(
            text.of().version(),
            text.name(),
            JSON.writeValueAsString(text.terms()),
            text.of().policyId())
        .update();
  }

  void remove(PolicyId id) {
    sql.sql("delete from policy_in_force where policy_id = ?").param(id.value()).update();
  }

  int countOf(TenantId tenant) {
    return sql.sql("select count(*) from policy_in_force where tenant = ?")
        .param(tenant.value())
        .query(Integer.class)
        .single();
  }

  /** Those that are for a session, and the groups that they may name, in a stable order. */
  List<InForce> findBySubject(Subject subject) {
    return sql.sql(
            """
            select group_id, version from tool_group_in_force where tenant = ?
            union all
            (select policy_id, version\
            """
                + " "
                + FOR_A_SESSION
                + ") order by 1")
        .params(
            subject.tenant().value(),
            subject.tenant().value(),
            subject.agent().value(),
            subject.session().value())
        .query((row, n) -> new InForce(row.getString(1), row.getLong(2)))
        .list();
  }

  /** What the policies among them say. */
  List<Text> textsOf(Subject subject) {
    return sql.sql("select policy_id, version, name, terms " + FOR_A_SESSION)
        .params(subject.tenant().value(), subject.agent().value(), subject.session().value())
        .query(
            (row, n) ->
                new Text(
                    new InForce(row.getString(1), row.getLong(2)),
                    row.getString(3),
                    JSON.readValue(row.getString(4), PolicyDefinition.class)))
        .list();
  }
}
