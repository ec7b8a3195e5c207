package io.agentledger.command.support;

import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import java.util.List;

/** The session's own tools, from the event that set them last. */
public record RecordedTools(List<SelectedMcpServer> mcpServers, SealedField clientTools) {
  public static RecordedTools from(SessionOpened opened) {
    var tools = opened.tools();
    return new RecordedTools(
        tools.mcpServers(),
        new SealedField(SessionOpened.class, "tools.clientTools", tools.clientTools()));
  }

  public static RecordedTools from(ToolsSet event) {
    return new RecordedTools(
        event.mcpServers(), new SealedField(ToolsSet.class, "clientTools", event.clientTools()));
  }
}
