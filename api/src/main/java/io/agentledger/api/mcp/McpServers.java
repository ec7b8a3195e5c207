package io.agentledger.api.mcp;

import io.agentledger.api.identity.TenantId;
import java.util.List;

/** Which servers a session may have; for the deciding side. Blocks on the database. */
public interface McpServers {
  /**
   * Those servers of the tenant, by their present names.
   *
   * @throws io.agentledger.api.shared.Rejected if one is not there, not active, or two have the
   *     same name
   */
  List<ChosenServer> choose(TenantId tenant, List<McpServerId> wished);
}
