package io.agentledger.api.mcp;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of an MCP server: its connection, the results of checks and approvals. */
public sealed interface McpServerEvent {
  McpServerId mcpServerId();

  /** Sessions cannot choose it before an admin has agreed to what it was found to be. */
  @Revision("1")
  @StableName("McpServerRegistered")
  record McpServerRegistered(
      McpServerId mcpServerId, UserId ownerId, String name, McpConnection connection)
      implements McpServerEvent {}

  /** It is reached otherwise, or has another name; what was agreed to before counts no more. */
  @Revision("1")
  @StableName("McpServerChanged")
  record McpServerChanged(McpServerId mcpServerId, String name, McpConnection connection)
      implements McpServerEvent {}

  /**
   * The timeouts of a server changed, effective from its next connection on; its approval stays.
   */
  @Revision("1")
  @StableName("McpServerLimitsChanged")
  record McpServerLimitsChanged(McpServerId mcpServerId, McpLimits limits)
      implements McpServerEvent {}

  @Revision("1")
  @StableName("McpServerEnabled")
  record McpServerEnabled(McpServerId mcpServerId) implements McpServerEvent {}

  /** Nobody can use it; what was agreed to stays. */
  @Revision("1")
  @StableName("McpServerDisabled")
  record McpServerDisabled(McpServerId mcpServerId) implements McpServerEvent {}

  /** It was looked at, and is something else than it was found to be before. */
  @Revision("1")
  @StableName("McpServerChecked")
  record McpServerChecked(McpServerId mcpServerId, McpServerSnapshot snapshot)
      implements McpServerEvent {}

  /** It could not be looked at, though it could before, or for another reason than before. */
  @Revision("1")
  @StableName("McpServerCheckFailed")
  record McpServerCheckFailed(McpServerId mcpServerId, String reason) implements McpServerEvent {}

  /**
   * An admin agreed to it as it was found.
   *
   * @param digest of the findings that were agreed to
   */
  @Revision("1")
  @StableName("McpServerApproved")
  record McpServerApproved(McpServerId mcpServerId, String digest) implements McpServerEvent {}

  /**
   * It is not what was agreed to; nobody can use it until an admin agrees again.
   *
   * @param digest of what it was found to be
   */
  @Revision("1")
  @StableName("McpServerSuspended")
  record McpServerSuspended(McpServerId mcpServerId, String digest) implements McpServerEvent {}

  /** For good. */
  @Revision("1")
  @StableName("McpServerArchived")
  record McpServerArchived(McpServerId mcpServerId) implements McpServerEvent {}
}
