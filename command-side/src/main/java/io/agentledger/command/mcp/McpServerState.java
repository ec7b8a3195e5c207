package io.agentledger.command.mcp;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerApproved;
import io.agentledger.api.mcp.McpServerEvent.McpServerArchived;
import io.agentledger.api.mcp.McpServerEvent.McpServerChanged;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.mcp.McpServerEvent.McpServerDisabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerEnabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerLimitsChanged;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpServerEvent.McpServerSuspended;
import io.agentledger.api.mcp.McpServerStatus;

/**
 * A server as its events tell it.
 *
 * @param version of the connection, from 1
 * @param limits how long it may take
 * @param checkedDigest digest of what it was found to be over this connection; empty before
 * @param approvedDigest digest that was agreed to for this connection; empty before
 * @param failure why it could not be looked at the last time; empty if it could
 */
record McpServerState(
    String name,
    McpConnection connection,
    McpLimits limits,
    long version,
    String checkedDigest,
    String approvedDigest,
    String failure,
    boolean enabled,
    boolean suspended,
    boolean archived) {

  static McpServerState from(McpServerRegistered event) {
    return new McpServerState(
        event.name(), event.connection(), McpLimits.NONE, 1, "", "", "", true, false, false);
  }

  McpServerState apply(McpServerEvent event) {
    return switch (event) {
      case McpServerRegistered mcpServerRegistered -> from(mcpServerRegistered);
      case McpServerChanged to ->
          new McpServerState(
              to.name(),
              to.connection(),
              limits,
              version + 1,
              "",
              "",
              "",
              enabled,
              false,
              archived);
      case McpServerChecked mcpServerChecked -> withCheck(mcpServerChecked.snapshot().digest(), "");
      case McpServerCheckFailed failed -> withCheck(checkedDigest, failed.reason());
      case McpServerApproved mcpServerApproved -> withApproval(mcpServerApproved.digest(), false);
      case McpServerSuspended ignored -> withApproval(approvedDigest, true);
      case McpServerLimitsChanged to -> withLimits(to.limits());
      case McpServerEnabled ignored -> withState(true, archived);
      case McpServerDisabled ignored -> withState(false, archived);
      case McpServerArchived ignored -> withState(enabled, true);
    };
  }

  private McpServerState withLimits(McpLimits bounds) {
    return new McpServerState(
        name,
        connection,
        bounds,
        version,
        checkedDigest,
        approvedDigest,
        failure,
        enabled,
        suspended,
        archived);
  }

  private McpServerState withCheck(String digest, String reason) {
    return new McpServerState(
        name,
        connection,
        limits,
        version,
        digest,
        approvedDigest,
        reason,
        enabled,
        suspended,
        archived);
  }

  private McpServerState withApproval(String digest, boolean stopped) {
    return new McpServerState(
        name,
        connection,
        limits,
        version,
        checkedDigest,
        digest,
        failure,
        enabled,
        stopped,
        archived);
  }

  private McpServerState withState(boolean on, boolean gone) {
    return new McpServerState(
        name,
        connection,
        limits,
        version,
        checkedDigest,
        approvedDigest,
        failure,
        on,
        suspended,
        gone);
  }

  boolean isSame(String otherName, McpConnection other) {
    return name.equals(otherName) && connection.equals(other);
  }

  McpServerStatus status() {
    if (archived) return McpServerStatus.ARCHIVED;
    if (!enabled) return McpServerStatus.DISABLED;
    if (suspended) return McpServerStatus.SUSPENDED;
    return approvedDigest.isEmpty() ? McpServerStatus.UNAPPROVED : McpServerStatus.ACTIVE;
  }
}
