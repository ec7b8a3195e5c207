package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.ToolGroupId;
import io.agentledger.store.permission.ToolGroups;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of groups that count now, kept in the transaction of the events that say so; of two who
 * want one name at once, its key decides.
 */
final class ToolGroupLookupTable implements ToolGroupRegistry {
  private final JdbcClient sql;

  ToolGroupLookupTable(JdbcClient sql) {
    this.sql = sql;
  }

  void add(TenantId tenant, ToolGroupId id, String name, List<String> tools) {
    sql.sql(
            """
            insert into tool_group_lookup (group_id, tenant, name, version, tools)
            values (?, ?, ?, 1, ?)\
            """)
        .params(id.value(), tenant.value(), name, tools.toArray(String[]::new))
        .update();
  }

  void replace(ToolGroupId id, long version, List<String> tools) {
    sql.sql("update tool_group_lookup set version = ?, tools = ? where group_id = ?")
        .params(version, tools.toArray(String[]::new), id.value())
        .update();
  }

  void remove(ToolGroupId id) {
    sql.sql("delete from tool_group_lookup where group_id = ?").param(id.value()).update();
  }

  @Override
  public int countOf(TenantId tenant) {
    return sql.sql("select count(*) from tool_group_lookup where tenant = ?")
        .param(tenant.value())
        .query(Integer.class)
        .single();
  }

  @Override
  public boolean isNameTaken(TenantId tenant, String name) {
    return sql.sql("select exists (select 1 from tool_group_lookup where tenant = ? and name = ?)")
        .params(tenant.value(), name)
        .query(Boolean.class)
        .single();
  }

  @Override
  public Optional<String> findPolicyUsing(TenantId tenant, String name) {
    return sql.sql(
            """
            select policy_id from policy_lookup
            where tenant = ? and strpos(definition, ?) > 0 order by policy_id limit 1\
            """)
        .params(tenant.value(), "\"" + ToolGroups.PREFIX + name + "\"")
        .query(String.class)
        .optional();
  }

  ToolGroups findByTenant(TenantId tenant) {
    var own = new HashMap<String, List<String>>();
    sql.sql("select name, tools from tool_group_lookup where tenant = ?")
        .param(tenant.value())
        .query(
            row -> {
              own.put(row.getString(1), Arrays.asList((String[]) row.getArray(2).getArray()));
            });
    return new ToolGroups(own);
  }
}
