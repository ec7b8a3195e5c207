package io.agentledger.command.mcp.connection;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.command.support.outbound.OutboundHttpClient;

/** Creates connections to servers, with placeholders resolved for the tenant. */
public final class McpClientFactory {
  private final McpTransportFactory transports;
  private final SecretSources secrets;
  private final McpSettings settings;

  /** Sources of the secrets that tenants stored for servers. */
  public record SecretSources(SecretReader secretReader, OAuthTokenProvider tokens) {}

  public McpClientFactory(
      McpSandbox mcpSandbox,
      OutboundHttpClient outbound,
      SecretSources secrets,
      McpSettings settings) {
    this.transports = new McpTransportFactory(mcpSandbox, outbound, settings);
    this.secrets = secrets;
    this.settings = settings;
  }

  /**
   * Opens a connection; blocks until the server has initialized it.
   *
   * @throws McpConnectionException if the server cannot be used
   */
  public McpClientConnection open(
      TenantId tenant,
      McpServerId id,
      McpConnection connection,
      ElicitationChannel elicitationChannel,
      McpLimits limits) {
    var placeholderResolver =
        new PlaceholderResolver(
            tenant, secrets.secretReader(), settings.variables(), secrets.tokens());
    var transport = transports.create(id.value(), connection, placeholderResolver);
    return McpClientConnection.open(
        transport,
        connection,
        settings,
        new McpClientConnection.LocalPeer(elicitationChannel, limits));
  }
}
