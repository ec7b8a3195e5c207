package io.agentledger.api.mcp;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of an MCP server: its connection, the results of checks and approvals. */
public sealed interface McpServerEvent {
  McpServerId mcpServerId();

  /**
   * The server was registered. Sessions cannot use it before an admin has approved its snapshot.
   */
  @Revision("1")
  @StableName("McpServerRegistered")
  record McpServerRegistered(
      McpServerId mcpServerId, UserId ownerId, @ShownInAudit String name, McpConnection connection)
      implements McpServerEvent {}

  /**
   * The server was attached to the session whose request defined it. Only this session uses it,
   * without a separate approval: the request's sender may approve servers.
   */
  @Revision("1")
  @StableName("McpServerAttached")
  record McpServerAttached(McpServerId mcpServerId, SessionId sessionId)
      implements McpServerEvent {}

  /** The connection or the name of the server changed; its approval is void. */
  @Revision("1")
  @StableName("McpServerChanged")
  record McpServerChanged(
      McpServerId mcpServerId, @ShownInAudit String name, McpConnection connection)
      implements McpServerEvent {}

  /**
   * The timeouts of a server changed, effective from its next connection on; its approval stays.
   */
  @Revision("1")
  @StableName("McpServerLimitsChanged")
  record McpServerLimitsChanged(McpServerId mcpServerId, McpLimits limits)
      implements McpServerEvent {}

  /** The server was enabled; sessions can use it again. */
  @Revision("1")
  @StableName("McpServerEnabled")
  record McpServerEnabled(McpServerId mcpServerId) implements McpServerEvent {}

  /** The server was disabled: no session can use it. Its approval stays. */
  @Revision("1")
  @StableName("McpServerDisabled")
  record McpServerDisabled(McpServerId mcpServerId) implements McpServerEvent {}

  /** A check found a snapshot that differs from the previous one. */
  @Revision("1")
  @StableName("McpServerChecked")
  record McpServerChecked(McpServerId mcpServerId, McpServerSnapshot snapshot)
      implements McpServerEvent {}

  /** A check failed, and the previous one succeeded or failed for another reason. */
  @Revision("1")
  @StableName("McpServerCheckFailed")
  record McpServerCheckFailed(McpServerId mcpServerId, String reason) implements McpServerEvent {}

  /**
   * An admin approved the server's snapshot.
   *
   * @param digest digest of the approved snapshot
   */
  @Revision("1")
  @StableName("McpServerApproved")
  record McpServerApproved(McpServerId mcpServerId, @ShownInAudit String digest)
      implements McpServerEvent {}

  /**
   * The server was suspended because its snapshot differs from the approved one; it is unusable
   * until an admin approves it again.
   *
   * @param digest digest of the new snapshot
   */
  @Revision("1")
  @StableName("McpServerSuspended")
  record McpServerSuspended(McpServerId mcpServerId, String digest) implements McpServerEvent {}

  /** The server was archived permanently. */
  @Revision("1")
  @StableName("McpServerArchived")
  record McpServerArchived(McpServerId mcpServerId) implements McpServerEvent {}
}
