package io.agentledger.api.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.mcp.SelectedMcpServer;
import java.util.List;

/**
 * The tools that a session opens with beside its agent's own, as its opening records them.
 *
 * @param mcpServers that it may use as long as they are active
 * @param clientTools their names and input schemas, a JSON list; absent for none
 */
public record SealedTools(List<SelectedMcpServer> mcpServers, Content clientTools) {
  public static final SealedTools NONE = new SealedTools(List.of(), Content.ABSENT);

  public SealedTools {
    mcpServers = List.copyOf(mcpServers);
  }
}
