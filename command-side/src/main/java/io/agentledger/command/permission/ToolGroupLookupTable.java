package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupArchived;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupChanged;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupCreated;
import io.agentledger.command.support.LookupTable;
import io.agentledger.store.permission.ToolGroups;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Table of the current tool groups, updated in the transaction of the events. Its unique key
 * ensures that concurrent commands cannot use one name twice.
 */
@ProcessingGroup(PolicyLookupTable.GROUP)
class ToolGroupLookupTable extends LookupTable {
  ToolGroupLookupTable(JdbcClient sql) {
    super(sql, "tool_group_lookup", "group_id");
  }

  @EventHandler
  void on(ToolGroupCreated event, TenantId tenant) {
    sql.sql(
            """
            insert into tool_group_lookup (group_id, tenant, name, version, tools)
            values (?, ?, ?, 1, ?)\
            """)
        .params(
            event.toolGroupId().value(),
            tenant.value(),
            event.name(),
            event.tools().toArray(String[]::new))
        .update();
  }

  @EventHandler
  void on(ToolGroupChanged event) {
    sql.sql("update tool_group_lookup set version = ?, tools = ? where group_id = ?")
        .params(event.version(), event.tools().toArray(String[]::new), event.toolGroupId().value())
        .update();
  }

  @EventHandler
  void on(ToolGroupArchived event) {
    remove(event.toolGroupId());
  }

  /** Returns a policy that uses the group, if there is one. */
  Optional<String> findPolicyUsing(TenantId tenant, String name) {
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
