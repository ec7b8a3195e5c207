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
  private final McpClientFactory links;
  private final McpCheckTimestamps looks;
  private final CommandGateway commands;

  McpServerChecker(
      EventSourcedMcpServerRegistry registry,
      McpClientFactory links,
      McpCheckTimestamps looks,
      CommandGateway commands) {
    this.registry = registry;
    this.links = links;
    this.looks = looks;
    this.commands = commands;
  }

  /**
   * A connection to a server as it was agreed to.
   *
   * @throws McpConnectionException if it is not active, cannot be reached or is something else now
   */
  McpClientConnection open(Provenance by, McpServerId id, ElicitationChannel users) {
    var server = active(by.tenant(), id);
    var link = look(by, id, server, users);
    if (link.findings().digest().equals(server.approved())) return link;
    link.close();
    throw new McpConnectionException(EventSourcedMcpServerRegistry.why(McpServerStatus.SUSPENDED));
  }

  /** The server, if sessions may use it now. */
  McpServerState active(TenantId tenant, McpServerId id) {
    var server =
        registry
            .find(tenant, id)
            .orElseThrow(() -> new McpConnectionException("there is none any more"));
    if (server.standing() != McpServerStatus.ACTIVE)
      throw new McpConnectionException(EventSourcedMcpServerRegistry.why(server.standing()));
    return server;
  }

  /** Looks at a server, whatever it is, and lets go of it. */
  void check(Provenance by, McpServerId id) {
    var server = registry.find(by.tenant(), id);
    if (server.isEmpty() || server.get().archived()) return;
    try {
      look(by, id, server.get(), ElicitationChannel.NOBODY).close();
    } catch (McpConnectionException told) {
      // It is on the record.
    }
  }

  private McpClientConnection look(
      Provenance by, McpServerId id, McpServerState server, ElicitationChannel users) {
    looks.note(id);
    try {
      var link = links.open(by.tenant(), id, server.connection(), users, server.limits());
      record(by, new RecordMcpCheck(id, server.version(), link.findings()));
      return link;
    } catch (McpConnectionException failed) {
      record(
          by, new RecordMcpCheckFailure(id, server.version(), String.valueOf(failed.getMessage())));
      throw failed;
    }
  }

  private void record(Provenance by, Object command) {
    var house = new Provenance(by.tenant(), Actor.SERVICE, by.credential(), by.request());
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(house.asMetadata()));
  }
}
