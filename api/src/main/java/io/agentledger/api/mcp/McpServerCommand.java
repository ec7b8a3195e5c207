package io.agentledger.api.mcp;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for MCP servers. */
@StableName("mcp_server")
public sealed interface McpServerCommand {
  /** What a server may be called: its tools are {@code mcp__<name>__<tool>}. */
  String NAME = "[A-Za-z0-9](?:[A-Za-z0-9-]|_(?!_)){0,62}";

  @TargetAggregateIdentifier
  McpServerId mcpServerId();

  /**
   * Answered with the {@link McpServerId}, or with the first one's when repeated. It is looked at
   * at once.
   *
   * @param name as {@link #NAME} says
   */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("RegisterMcpServer")
  record RegisterMcpServer(
      McpServerId mcpServerId,
      UserId ownerId,
      String name,
      McpConnection connection,
      McpLimits limits,
      @Nullable Idempotency idempotency)
      implements McpServerCommand, Idempotent {
    /** One without limits of its own. */
    public RegisterMcpServer(
        McpServerId mcpServerId,
        UserId owner,
        String name,
        McpConnection connection,
        @Nullable Idempotency idempotency) {
      this(mcpServerId, owner, name, connection, McpLimits.NONE, idempotency);
    }
  }

  /** Changes a server. The same again does nothing; anything but limits needs another approval. */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("ChangeMcpServer")
  record ChangeMcpServer(
      McpServerId mcpServerId, String name, McpConnection connection, McpLimits limits)
      implements McpServerCommand {
    /** To one without limits of its own. */
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

  /** For good; twice is once. */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("ArchiveMcpServer")
  record ArchiveMcpServer(McpServerId mcpServerId) implements McpServerCommand {}

  /** A job connects and looks; what it finds is on the record soon after. */
  @RequiresScope(Scope.MCP_WRITE)
  @StableName("CheckMcpServer")
  record CheckMcpServer(McpServerId mcpServerId, @Nullable Idempotency idempotency)
      implements McpServerCommand, Idempotent {
    public CheckMcpServer(McpServerId mcpServerId) {
      this(mcpServerId, null);
    }
  }

  /**
   * Agrees to what it was found to be.
   *
   * @param digest of the findings that are agreed to; others are refused
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
   * @param version which of its connections was used, from 1; one that has been changed since is
   *     not recorded
   */
  @InternalOnly
  @StableName("RecordMcpCheck")
  record RecordMcpCheck(McpServerId mcpServerId, long version, McpServerSnapshot snapshot)
      implements McpServerCommand {}

  /**
   * Nobody could connect.
   *
   * @param version as above
   * @param reason one sentence, without secrets
   */
  @InternalOnly
  @StableName("RecordMcpCheckFailure")
  record RecordMcpCheckFailure(McpServerId mcpServerId, long version, String reason)
      implements McpServerCommand {}
}
