package io.agentledger.gateway.session;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TriggerRejection.AgentNotReadOnly;
import io.agentledger.gateway.session.options.SessionOptionsRequest;
import java.util.Set;

/**
 * Requirement that an agent can only read its workspace: by its built-in tools, and without servers
 * or tools of clients. A process that offers another tool is ended.
 */
final class ReadOnlyAgents {
  static final Set<String> TOOLS =
      Set.of(
          "AskUserQuestion",
          "Glob",
          "Grep",
          "Read",
          "TaskCreate",
          "TaskGet",
          "TaskList",
          "TaskUpdate");

  private ReadOnlyAgents() {}

  /** Rejects options, in which those of the template and the agent are merged, of other agents. */
  static void require(SessionOptionsRequest options) {
    var tools = options.tools();
    if (tools == null)
      throw refusal("its session has all tools; set options.tools to Read, Glob and Grep");
    for (var tool : tools)
      if (!TOOLS.contains(tool)) throw refusal("its session has the tool " + tool);
    var servers = options.mcpServers();
    if (servers != null
        && !(servers.registeredServers().isEmpty() && servers.definedServers().isEmpty()))
      throw refusal("its session has MCP servers");
    var clientTools = options.clientTools();
    if (clientTools != null && !clientTools.isEmpty())
      throw refusal("its session has tools of clients");
  }

  private static RejectionException refusal(String detail) {
    return new RejectionException(new AgentNotReadOnly(detail));
  }
}
