package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupArchived;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupChanged;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupCreated;
import io.agentledger.command.support.LookupTable;
import io.agentledger.store.Topology;
import io.agentledger.store.permission.ToolGroups;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the current tool groups, updated in the transaction of the events. */
@ProcessingGroup(PolicyLookupTable.GROUP)
class ToolGroupLookupTable extends LookupTable {
  ToolGroupLookupTable(JdbcClient sql, Topology topology) {
    super(sql, "tool_group_lookup", "group_id", topology);
  }

  @EventHandler
  void on(ToolGroupCreated event, TenantId tenant) {
    var columns =
        Map.of("name", event.name(), "version", 1L, "tools", event.tools().toArray(String[]::new));
    insert(event.toolGroupId(), tenant, columns);
  }

  @EventHandler
  void on(ToolGroupChanged event) {
    var tools = event.tools().toArray(String[]::new);
    update(event.toolGroupId(), Map.of("version", event.version(), "tools", tools));
  }

  @EventHandler
  void on(ToolGroupArchived event) {
    remove(event.toolGroupId());
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
