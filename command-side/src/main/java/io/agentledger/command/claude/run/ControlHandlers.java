package io.agentledger.command.claude.run;

import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.command.claude.control.McpRelay;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import java.io.IOException;

/** Handlers of a process's requests: permissions and MCP messages. */
record ControlHandlers(PermissionRequestHandler permissions, McpRelay mcpRelay) {
  /**
   * Handles the end of a pending action.
   *
   * @return true if a plan was approved
   */
  boolean resolve(ActionEvent event) throws IOException {
    mcpRelay.resolve(event);
    return permissions.resolve(event);
  }

  /** Returns whether silence is expected, because a user, a hook or a tool is busy. */
  boolean isWaiting() {
    return permissions.isWaiting() || permissions.isToolRunning() || mcpRelay.isWaiting();
  }

  void clear() {
    permissions.clear();
    mcpRelay.clear();
  }
}
