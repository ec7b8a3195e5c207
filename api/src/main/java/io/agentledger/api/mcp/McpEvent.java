package io.agentledger.api.mcp;

import io.agentledger.api.identity.UserId;
import org.axonframework.serialization.Revision;

/** What happened to an MCP server: how it is reached, what it was found to be, who agreed. */
public sealed interface McpEvent {
  McpServerId mcpServerId();

  /** Sessions cannot choose it before an admin has agreed to what it was found to be. */
  @Revision("1")
  record McpServerRegistered(
      McpServerId mcpServerId, UserId owner, String name, McpConnection connection)
      implements McpEvent {}

  /** It is reached otherwise, or has another name; what was agreed to before counts no more. */
  @Revision("1")
  record McpServerChanged(McpServerId mcpServerId, String name, McpConnection connection)
      implements McpEvent {}

  /** How long it may take from its next connection on; what was agreed to stays. */
  @Revision("1")
  record McpServerLimited(McpServerId mcpServerId, McpLimits limits) implements McpEvent {}

  @Revision("1")
  record McpServerEnabled(McpServerId mcpServerId) implements McpEvent {}

  /** Nobody can use it; what was agreed to stays. */
  @Revision("1")
  record McpServerDisabled(McpServerId mcpServerId) implements McpEvent {}

  /** It was looked at, and is something else than it was found to be before. */
  @Revision("1")
  record McpServerFound(McpServerId mcpServerId, McpFindings findings) implements McpEvent {}

  /** It could not be looked at, though it could before, or for another reason than before. */
  @Revision("1")
  record McpServerFailed(McpServerId mcpServerId, String reason) implements McpEvent {}

  /**
   * An admin agreed to it as it was found.
   *
   * @param digest of the findings that were agreed to
   */
  @Revision("1")
  record McpServerApproved(McpServerId mcpServerId, String digest) implements McpEvent {}

  /**
   * It is not what was agreed to; nobody can use it until an admin agrees again.
   *
   * @param digest of what it was found to be
   */
  @Revision("1")
  record McpServerSuspended(McpServerId mcpServerId, String digest) implements McpEvent {}

  /** For good. */
  @Revision("1")
  record McpServerArchived(McpServerId mcpServerId) implements McpEvent {}
}
