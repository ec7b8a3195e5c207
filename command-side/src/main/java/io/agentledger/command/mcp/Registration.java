package io.agentledger.command.mcp;

import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpEvent;
import io.agentledger.api.mcp.McpEvent.McpServerApproved;
import io.agentledger.api.mcp.McpEvent.McpServerArchived;
import io.agentledger.api.mcp.McpEvent.McpServerChanged;
import io.agentledger.api.mcp.McpEvent.McpServerDisabled;
import io.agentledger.api.mcp.McpEvent.McpServerEnabled;
import io.agentledger.api.mcp.McpEvent.McpServerFailed;
import io.agentledger.api.mcp.McpEvent.McpServerFound;
import io.agentledger.api.mcp.McpEvent.McpServerLimited;
import io.agentledger.api.mcp.McpEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpEvent.McpServerSuspended;
import io.agentledger.api.mcp.McpLimits;
import io.agentledger.api.mcp.McpStanding;

/**
 * A server as its events tell it.
 *
 * @param version of the connection, from 1
 * @param limits how long it may take
 * @param found digest of what it was found to be over this connection; empty before
 * @param approved digest that was agreed to for this connection; empty before
 * @param failure why it could not be looked at the last time; empty if it could
 */
record Registration(
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

  static Registration of(McpServerRegistered event) {
    return new Registration(
        event.name(), event.connection(), McpLimits.NONE, 1, "", "", "", true, false, false);
  }

  Registration after(McpEvent event) {
    return switch (event) {
      case McpServerRegistered first -> of(first);
      case McpServerChanged to ->
          new Registration(
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
      case McpServerFound found -> looked(found.findings().digest(), "");
      case McpServerFailed failed -> looked(found, failed.reason());
      case McpServerApproved agreed -> agreed(agreed.digest(), false);
      case McpServerSuspended ignored -> agreed(approved, true);
      case McpServerLimited to -> within(to.limits());
      case McpServerEnabled ignored -> switched(true, archived);
      case McpServerDisabled ignored -> switched(false, archived);
      case McpServerArchived ignored -> switched(enabled, true);
    };
  }

  private Registration within(McpLimits bounds) {
    return new Registration(
        name, connection, bounds, version, found, approved, failure, enabled, suspended, archived);
  }

  private Registration looked(String digest, String why) {
    return new Registration(
        name, connection, limits, version, digest, approved, why, enabled, suspended, archived);
  }

  private Registration agreed(String digest, boolean stopped) {
    return new Registration(
        name, connection, limits, version, found, digest, failure, enabled, stopped, archived);
  }

  private Registration switched(boolean on, boolean gone) {
    return new Registration(
        name, connection, limits, version, found, approved, failure, on, suspended, gone);
  }

  boolean is(String otherName, McpConnection other) {
    return name.equals(otherName) && connection.equals(other);
  }

  McpStanding standing() {
    if (archived) return McpStanding.ARCHIVED;
    if (!enabled) return McpStanding.DISABLED;
    if (suspended) return McpStanding.SUSPENDED;
    return approved.isEmpty() ? McpStanding.UNAPPROVED : McpStanding.ACTIVE;
  }
}
