package io.agentledger.command.mcp;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpFailure;
import io.agentledger.api.mcp.McpServerCommand.RecordMcpFindings;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpStanding;
import io.agentledger.command.mcp.link.LinkFailed;
import io.agentledger.command.mcp.link.Links;
import io.agentledger.command.mcp.link.ServerLink;
import io.agentledger.command.mcp.link.Users;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Connects to servers and holds them to what was agreed; what it finds is on the record. */
final class Watch {
  private final Registry registry;
  private final Links links;
  private final Looks looks;
  private final CommandGateway commands;

  Watch(Registry registry, Links links, Looks looks, CommandGateway commands) {
    this.registry = registry;
    this.links = links;
    this.looks = looks;
    this.commands = commands;
  }

  /**
   * A connection to a server as it was agreed to.
   *
   * @throws LinkFailed if it is not active, cannot be reached or is something else now
   */
  ServerLink open(Provenance by, McpServerId id, Users users) {
    var server = active(by.tenant(), id);
    var link = look(by, id, server, users);
    if (link.findings().digest().equals(server.approved())) return link;
    link.close();
    throw new LinkFailed(Registry.why(McpStanding.SUSPENDED));
  }

  /** The server, if sessions may use it now. */
  Registration active(TenantId tenant, McpServerId id) {
    var server =
        registry.find(tenant, id).orElseThrow(() -> new LinkFailed("there is none any more"));
    if (server.standing() != McpStanding.ACTIVE)
      throw new LinkFailed(Registry.why(server.standing()));
    return server;
  }

  /** Looks at a server, whatever it is, and lets go of it. */
  void check(Provenance by, McpServerId id) {
    var server = registry.find(by.tenant(), id);
    if (server.isEmpty() || server.get().archived()) return;
    try {
      look(by, id, server.get(), Users.NOBODY).close();
    } catch (LinkFailed told) {
      // It is on the record.
    }
  }

  private ServerLink look(Provenance by, McpServerId id, Registration server, Users users) {
    looks.note(id);
    try {
      var link = links.open(by.tenant(), id, server.connection(), users, server.limits());
      record(by, new RecordMcpFindings(id, server.version(), link.findings()));
      return link;
    } catch (LinkFailed failed) {
      record(by, new RecordMcpFailure(id, server.version(), String.valueOf(failed.getMessage())));
      throw failed;
    }
  }

  private void record(Provenance by, Object command) {
    var house = new Provenance(by.tenant(), Actor.SERVICE, by.credential(), by.request());
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command).withMetaData(house.asMetadata()));
  }
}
