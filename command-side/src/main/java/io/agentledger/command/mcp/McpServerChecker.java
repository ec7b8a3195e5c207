package io.agentledger.command.mcp;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpCheck;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpCheckFailure;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerStatus;
import io.agentledger.command.mcp.connection.ElicitationChannel;
import io.agentledger.command.mcp.connection.McpClientConnection;
import io.agentledger.command.mcp.connection.McpClientFactory;
import io.agentledger.command.mcp.connection.McpConnectionException;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Connects to servers and holds them to what was agreed; what it finds is on the record. */
final class McpServerChecker {
  private final EventSourcedMcpServerRegistry registry;
  private final McpClientFactory mcpClientFactory;
  private final McpCheckTimestamps mcpCheckTimestamps;
  private final CommandGateway commands;

  McpServerChecker(
      EventSourcedMcpServerRegistry registry,
      McpClientFactory mcpClientFactory,
      McpCheckTimestamps mcpCheckTimestamps,
      CommandGateway commands) {
    this.registry = registry;
    this.mcpClientFactory = mcpClientFactory;
    this.mcpCheckTimestamps = mcpCheckTimestamps;
    this.commands = commands;
  }

  /**
   * A connection to a server as it was agreed to.
   *
   * @throws McpConnectionException if it is not active, cannot be reached or is something else now
   */
  McpClientConnection open(
      Provenance provenance, McpServerId id, ElicitationChannel elicitationChannel) {
    var server = active(provenance.tenant(), id);
    var mcpClientConnection = check(provenance, id, server, elicitationChannel);
    if (mcpClientConnection.findings().digest().equals(server.approved()))
      return mcpClientConnection;
    mcpClientConnection.close();
    throw new McpConnectionException(EventSourcedMcpServerRegistry.why(McpServerStatus.SUSPENDED));
  }

  /** The server, if sessions may use it now. */
  McpServerState active(TenantId tenant, McpServerId id) {
    var server =
        registry
            .find(tenant, id)
            .orElseThrow(() -> new McpConnectionException("there is none any more"));
    if (server.status() != McpServerStatus.ACTIVE)
      throw new McpConnectionException(EventSourcedMcpServerRegistry.why(server.status()));
    return server;
  }

  /** Looks at a server, whatever it is, and lets go of it. */
  void check(Provenance provenance, McpServerId id) {
    var server = registry.find(provenance.tenant(), id);
    if (server.isEmpty() || server.get().archived()) return;
    try {
      check(provenance, id, server.get(), ElicitationChannel.NOBODY).close();
    } catch (McpConnectionException told) {
      // It is on the record.
    }
  }

  private McpClientConnection check(
      Provenance provenance,
      McpServerId id,
      McpServerState server,
      ElicitationChannel elicitationChannel) {
    mcpCheckTimestamps.note(id);
    try {
      var mcpClientConnection =
          mcpClientFactory.open(
              provenance.tenant(), id, server.connection(), elicitationChannel, server.limits());
      record(provenance, new RecordMcpCheck(id, server.version(), mcpClientConnection.findings()));
      return mcpClientConnection;
    } catch (McpConnectionException mcpConnectionException) {
      record(
          provenance,
          new RecordMcpCheckFailure(
              id, server.version(), String.valueOf(mcpConnectionException.getMessage())));
      throw mcpConnectionException;
    }
  }

  private void record(Provenance provenance, Object command) {
    var system =
        new Provenance(
            provenance.tenant(), Actor.SERVICE, provenance.credential(), provenance.request());
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(system.asMetadata()));
  }
}
