package io.agentledger.api.mcp;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.OrderedCopy;
import java.util.List;
import java.util.Map;

/** Lookups of the servers that a session may use, for command handlers. Blocks on the database. */
public interface McpServerRegistry {
  /**
   * Returns these servers of the tenant with their current names. A server that is attached to
   * another session does not exist for this one.
   *
   * @throws io.agentledger.api.shared.RejectionException if one does not exist, is not active, or
   *     two have the same name
   */
  List<SelectedMcpServer> resolve(TenantId tenant, SessionId session, List<McpServerId> requested);

  /**
   * Returns the servers that are usable, and an error for each other one.
   *
   * @throws io.agentledger.api.shared.RejectionException if there are more than a session may have
   */
  Usable findUsable(TenantId tenant, SessionId session, List<McpServerId> requested);

  /** Returns those servers that exist for a session: attached to it, or to none. */
  List<SelectedMcpServer> visibleTo(
      TenantId tenant, SessionId session, List<SelectedMcpServer> servers);

  /**
   * Result of {@link #findUsable}.
   *
   * @param errors id of an unusable server -> reason
   */
  record Usable(List<SelectedMcpServer> servers, Map<String, String> errors) {
    public Usable {
      servers = List.copyOf(servers);
      errors = OrderedCopy.of(errors);
    }
  }
}
