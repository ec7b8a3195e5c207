package io.agentledger.command.mcp.link;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.vault.Vaults;
import io.agentledger.command.support.outbound.Outbound;

/** Makes connections to servers, filled in for the tenant whose they are. */
public final class Links {
  private final Transports transports;
  private final Secrets secrets;
  private final McpSettings settings;

  /** What tenants have put in for servers. */
  public record Secrets(Vaults vaults, Tokens tokens) {}

  public Links(ServerBox box, Outbound outbound, Secrets secrets, McpSettings settings) {
    this.transports = new Transports(box, outbound, settings);
    this.secrets = secrets;
    this.settings = settings;
  }

  /**
   * Blocks until the server has said what it is.
   *
   * @throws LinkFailed with a sentence, if it cannot be used
   */
  public ServerLink open(
      TenantId tenant, McpServerId id, McpConnection connection, Users users, McpLimits limits) {
    var filling = new Filling(tenant, secrets.vaults(), settings.variables(), secrets.tokens());
    var transport = transports.to(id.value(), connection, filling);
    return ServerLink.open(transport, connection, settings, new ServerLink.Side(users, limits));
  }
}
