package io.agentledger.api.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.mcp.SelectedMcpServer;
import java.util.List;

/**
 * Tools of a session in addition to its agent's own, as its opening event contains them.
 *
 * @param mcpServers servers that it may use while they are active
 * @param clientTools names and input schemas, a JSON list; absent for none
 */
public record SealedTools(List<SelectedMcpServer> mcpServers, Content clientTools) {
  public static final SealedTools NONE = new SealedTools(List.of(), Content.ABSENT);

  public SealedTools {
    mcpServers = List.copyOf(mcpServers);
  }
}
