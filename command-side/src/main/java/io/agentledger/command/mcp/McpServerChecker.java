package io.agentledger.command.mcp;

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
import java.util.Optional;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Connects to servers, compares them with the approved snapshots, and records the result. */
final class McpServerChecker {
  private static final String GONE = "it no longer exists";

  private final EventSourcedMcpServerRegistry registry;
  private final McpClientFactory mcpClientFactory;
  private final McpCheckTimeRecorder mcpCheckTimeRecorder;
  private final CommandGateway commands;

  McpServerChecker(
      EventSourcedMcpServerRegistry registry,
      McpClientFactory mcpClientFactory,
      McpCheckTimeRecorder mcpCheckTimeRecorder,
      CommandGateway commands) {
    this.registry = registry;
    this.mcpClientFactory = mcpClientFactory;
    this.mcpCheckTimeRecorder = mcpCheckTimeRecorder;
    this.commands = commands;
  }

  /**
   * Opens a connection to an approved server.
   *
   * @throws McpConnectionException if it is not active, not reachable, or has changed since its
   *     approval
   */
  McpClientConnection open(
      Provenance provenance, McpServerId id, ElicitationChannel elicitationChannel) {
    var server = requireActive(provenance.tenant(), id);
    var mcpClientConnection = check(provenance, id, server, elicitationChannel);
    // The first snapshot of an attached server is approved when it is recorded.
    var approval =
        server.approval().digest().isEmpty()
            ? requireActive(provenance.tenant(), id).approval()
            : server.approval();
    if (mcpClientConnection.snapshot().digest().equals(approval.digest()))
      return mcpClientConnection;
    mcpClientConnection.close();
    throw new McpConnectionException(
        EventSourcedMcpServerRegistry.describe(McpServerStatus.SUSPENDED));
  }

  /** Returns the server if sessions may use it now. */
  McpServerState requireActive(TenantId tenant, McpServerId id) {
    var server = registry.find(tenant, id).orElseThrow(() -> new McpConnectionException(GONE));
    if (server.status() != McpServerStatus.ACTIVE)
      throw new McpConnectionException(EventSourcedMcpServerRegistry.describe(server.status()));
    return server;
  }

  /** Returns why the server cannot be used, as the end of a sentence; empty if it can. */
  Optional<String> findFailure(TenantId tenant, McpServerId id) {
    var server = registry.find(tenant, id);
    if (server.isEmpty()) return Optional.of(GONE);
    if (server.get().status() != McpServerStatus.ACTIVE)
      return Optional.of(EventSourcedMcpServerRegistry.describe(server.get().status()));
    return Optional.of(server.get().check().failure()).filter(failure -> !failure.isEmpty());
  }

  /** Checks a server in any status, then closes the connection. */
  void check(Provenance provenance, McpServerId id) {
    var server = registry.find(provenance.tenant(), id);
    if (server.isEmpty() || server.get().archived()) return;
    try {
      check(provenance, id, server.get(), ElicitationChannel.CANCELLING).close();
    } catch (McpConnectionException e) {
      // The failure is recorded.
    }
  }

  private McpClientConnection check(
      Provenance provenance,
      McpServerId id,
      McpServerState server,
      ElicitationChannel elicitationChannel) {
    mcpCheckTimeRecorder.recordCheck(id);
    try {
      var mcpClientConnection =
          mcpClientFactory.open(
              provenance.tenant(), id, server.connection(), elicitationChannel, server.limits());
      record(provenance, new RecordMcpCheck(id, server.version(), mcpClientConnection.snapshot()));
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
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(provenance.asService().asMetadata()));
  }
}
