package io.agentledger.api.mcp;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for MCP servers. */
@StableName("mcp_server")
public sealed interface McpServerCommand extends ApiCommand {
  /** Pattern of server names; the server's tools are named {@code mcp__<name>__<tool>}. */
  String NAME = "[A-Za-z0-9](?:[A-Za-z0-9-]|_(?!_)){0,62}";

  @TargetAggregateIdentifier
  McpServerId mcpServerId();

  /**
   * Registers a server and returns its {@link McpServerId}; a repeated command returns the id of
   * the first one. The server is checked at once.
   *
   * @param name matches {@link #NAME}
   * @param session session that alone can use the server, as it finds it at its first connection,
   *     until the session ends; null: sessions of the tenant, after an approval
   */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("RegisterMcpServer")
  record RegisterMcpServer(
      McpServerId mcpServerId,
      UserId ownerId,
      String name,
      McpConnection connection,
      McpLimits limits,
      @Nullable SessionId session,
      @Nullable Idempotency idempotency)
      implements McpServerCommand, Idempotent {
    /** Creates a command for a server of the tenant. */
    public RegisterMcpServer(
        McpServerId mcpServerId,
        UserId owner,
        String name,
        McpConnection connection,
        McpLimits limits,
        @Nullable Idempotency idempotency) {
      this(mcpServerId, owner, name, connection, limits, null, idempotency);
    }

    /** Creates a command for a server without limits of its own. */
    public RegisterMcpServer(
        McpServerId mcpServerId,
        UserId owner,
        String name,
        McpConnection connection,
        @Nullable Idempotency idempotency) {
      this(mcpServerId, owner, name, connection, McpLimits.NONE, idempotency);
    }
  }

  /**
   * Changes a server. Does nothing if nothing changes; a change of anything but limits requires
   * another approval.
   */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("ChangeMcpServer")
  record ChangeMcpServer(
      McpServerId mcpServerId, String name, McpConnection connection, McpLimits limits)
      implements McpServerCommand {
    /** Creates a command that removes the server's limits. */
    public ChangeMcpServer(McpServerId mcpServerId, String name, McpConnection connection) {
      this(mcpServerId, name, connection, McpLimits.NONE);
    }
  }

  @RequiresScope(Scope.MCP_WRITE)
  @StableName("EnableMcpServer")
  record EnableMcpServer(McpServerId mcpServerId, @Nullable Idempotency idempotency)
      implements McpServerCommand, Idempotent {
    public EnableMcpServer(McpServerId mcpServerId) {
      this(mcpServerId, null);
    }
  }

  /** Takes effect on the next call, in running sessions too. */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("DisableMcpServer")
  record DisableMcpServer(McpServerId mcpServerId, @Nullable Idempotency idempotency)
      implements McpServerCommand, Idempotent {
    public DisableMcpServer(McpServerId mcpServerId) {
      this(mcpServerId, null);
    }
  }

  /** Archives the server permanently. Idempotent. */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("ArchiveMcpServer")
  record ArchiveMcpServer(McpServerId mcpServerId) implements McpServerCommand {}

  /** Requests a check: a job connects to the server and records the result. */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("CheckMcpServer")
  record CheckMcpServer(McpServerId mcpServerId, @Nullable Idempotency idempotency)
      implements McpServerCommand, Idempotent {
    public CheckMcpServer(McpServerId mcpServerId) {
      this(mcpServerId, null);
    }
  }

  /**
   * Approves the server's last snapshot.
   *
   * @param digest digest of the approved snapshot; rejected if it is not the last one
   */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("ApproveMcpServer")
  record ApproveMcpServer(McpServerId mcpServerId, String digest, @Nullable Idempotency idempotency)
      implements McpServerCommand, Idempotent {
    public ApproveMcpServer(McpServerId mcpServerId, String digest) {
      this(mcpServerId, digest, null);
    }
  }

  /**
   * Records the result of a check of an MCP server.
   *
   * @param version version of the connection that was checked, from 1; the result of an outdated
   *     version is not recorded
   */
  @InternalOnly
  @StableName("RecordMcpCheck")
  record RecordMcpCheck(McpServerId mcpServerId, long version, McpServerSnapshot snapshot)
      implements McpServerCommand {}

  /**
   * Records that the connection of a check failed.
   *
   * @param version version of the connection that was checked, from 1
   * @param reason one sentence, without secrets
   */
  @InternalOnly
  @StableName("RecordMcpCheckFailure")
  record RecordMcpCheckFailure(McpServerId mcpServerId, long version, String reason)
      implements McpServerCommand {}
}
