package io.agentledger.api.mcp;

import io.agentledger.api.identity.TenantId;
import java.util.List;
import java.util.Map;

/** Lookups of the servers that a session may use, for command handlers. Blocks on the database. */
public interface McpServerRegistry {
  /**
   * Those servers of the tenant, by their present names.
   *
   * @throws io.agentledger.api.shared.RejectionException if one is not there, not active, or two
   *     have the same name
   */
  List<SelectedMcpServer> resolve(TenantId tenant, List<McpServerId> requested);

  /**
   * Those of them that can be had.
   *
   * @throws io.agentledger.api.shared.RejectionException if there are more than a session may have
   */
  Usable findUsable(TenantId tenant, List<McpServerId> requested);

  /**
   * @param errors id of one that cannot be had -> why
   */
  record Usable(List<SelectedMcpServer> servers, Map<String, String> errors) {
    public Usable {
      servers = List.copyOf(servers);
      errors = Map.copyOf(errors);
    }
  }
}
