package io.agentledger.command.claude.run;

import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.command.claude.control.McpRelay;
import io.agentledger.command.claude.control.PermissionRequestHandler;
import java.io.IOException;

/** Handlers of a process's requests: for permissions and for tools of others. */
record ControlHandlers(PermissionRequestHandler permissions, McpRelay mcpRelay) {
  /**
   * @return true if a plan was approved by it
   */
  boolean resolve(ActionEvent event) throws IOException {
    mcpRelay.resolve(event);
    return permissions.resolve(event);
  }

  /** Whether the process may be silent, because a person, a hook or a tool is busy. */
  boolean isWaiting() {
    return permissions.isWaiting() || permissions.isToolRunning() || mcpRelay.isWaiting();
  }

  void clear() {
    permissions.clear();
    mcpRelay.clear();
  }
}
