package io.agentledger.api.mcp;

import io.agentledger.api.identity.TenantId;
import java.util.List;
import java.util.Map;

/** Lookups of the servers that a session may use, for command handlers. Blocks on the database. */
public interface McpServerRegistry {
  /**
   * Returns these servers of the tenant with their current names.
   *
   * @throws io.agentledger.api.shared.RejectionException if one does not exist, is not active, or
   *     two have the same name
   */
  List<SelectedMcpServer> resolve(TenantId tenant, List<McpServerId> requested);

  /**
   * Returns the servers that are usable, and an error for each other one.
   *
   * @throws io.agentledger.api.shared.RejectionException if there are more than a session may have
   */
  Usable findUsable(TenantId tenant, List<McpServerId> requested);

  /**
   * Result of {@link #findUsable}.
   *
   * @param errors id of an unusable server -> reason
   */
  record Usable(List<SelectedMcpServer> servers, Map<String, String> errors) {
    public Usable {
      servers = List.copyOf(servers);
      errors = Map.copyOf(errors);
    }
  }
}
