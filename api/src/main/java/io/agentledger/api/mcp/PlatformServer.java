package io.agentledger.api.mcp;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.SessionId;
import java.util.concurrent.CompletionStage;

/**
 * The platform's own MCP server, for the agents of sessions. A port and not a message, because it
 * transfers JSON-RPC. An agent has the permissions that the role {@code agent} and the user who
 * sent the run's query have in common; one that answers a contact has {@link #ESCALATE} only.
 */
public interface PlatformServer {
  /** Id by which sessions select the server; every tenant has it. */
  McpServerId ID = new McpServerId("mcp_thegateway");

  /** Name under which agents know the server. */
  String NAME = "agentledger";

  /** Prefix of the names of its tools for agents. */
  String TOOL_PREFIX = "mcp__" + NAME + "__";

  /**
   * Tool by which the agent of a chat with a contact hands it to people; the only one that exists
   * for it. It needs no approval.
   */
  String ESCALATE = TOOL_PREFIX + "escalate";

  /** Agent that sends a request, in its session. */
  record Client(AgentId agentId, SessionId sessionId) {}

  /**
   * Responds to a request of JSON-RPC. An error is a response, too.
   *
   * @param initiator provenance of the run's query
   */
  CompletionStage<String> answer(Client client, Provenance initiator, String request);

  /** Returns whether a tool of this name only reads: all others need a user's approval. */
  static boolean isReader(String tool) {
    return tool.matches("(get|list|read|search)_.*");
  }

  /**
   * Returns whether a tool needs a user's approval.
   *
   * @param tool name under which agents know it, of any server
   */
  static boolean needsApproval(String tool) {
    return isTool(tool)
        && !tool.equals(ESCALATE)
        && !isReader(tool.substring(TOOL_PREFIX.length()));
  }

  /**
   * Returns whether a tool is the platform's.
   *
   * @param tool name under which agents know it, of any server
   */
  static boolean isTool(String tool) {
    return tool.startsWith(TOOL_PREFIX);
  }
}
