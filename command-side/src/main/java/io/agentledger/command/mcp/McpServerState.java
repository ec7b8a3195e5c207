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
 * @param found digest of what it was found to be over this connection; empty before
 * @param approved digest that was agreed to for this connection; empty before
 * @param failure why it could not be looked at the last time; empty if it could
 */
record McpServerState(
    String name,
    McpConnection connection,
    McpLimits limits,
    long version,
    String found,
    String approved,
    String failure,
    boolean enabled,
    boolean suspended,
    boolean archived) {

  static McpServerState from(McpServerRegistered event) {
    return new McpServerState(
        event.name(), event.connection(), McpLimits.NONE, 1, "", "", "", true, false, false);
  }

  McpServerState after(McpServerEvent event) {
    return switch (event) {
      case McpServerRegistered first -> from(first);
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
      case McpServerChecked mcpServerChecked -> withCheck(mcpServerChecked.findings().digest(), "");
      case McpServerCheckFailed failed -> withCheck(found, failed.reason());
      case McpServerApproved agreed -> agreed(agreed.digest(), false);
      case McpServerSuspended ignored -> agreed(approved, true);
      case McpServerLimitsChanged to -> within(to.limits());
      case McpServerEnabled ignored -> switched(true, archived);
      case McpServerDisabled ignored -> switched(false, archived);
      case McpServerArchived ignored -> switched(enabled, true);
    };
  }

  private McpServerState within(McpLimits bounds) {
    return new McpServerState(
        name, connection, bounds, version, found, approved, failure, enabled, suspended, archived);
  }

  private McpServerState withCheck(String digest, String why) {
    return new McpServerState(
        name, connection, limits, version, digest, approved, why, enabled, suspended, archived);
  }

  private McpServerState agreed(String digest, boolean stopped) {
    return new McpServerState(
        name, connection, limits, version, found, digest, failure, enabled, stopped, archived);
  }

  private McpServerState switched(boolean on, boolean gone) {
    return new McpServerState(
        name, connection, limits, version, found, approved, failure, on, suspended, gone);
  }

  boolean is(String otherName, McpConnection other) {
    return name.equals(otherName) && connection.equals(other);
  }

  McpServerStatus status() {
    if (archived) return McpServerStatus.ARCHIVED;
    if (!enabled) return McpServerStatus.DISABLED;
    if (suspended) return McpServerStatus.SUSPENDED;
    return approved.isEmpty() ? McpServerStatus.UNAPPROVED : McpServerStatus.ACTIVE;
  }
}
