package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.command.mcp.connection.ElicitationChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Connects agents to MCP servers through the service, each process by connections of its own. */
public interface McpConnector {
  /**
   * Nothing is connected before it is asked for.
   *
   * @param provenance for whom the process works
   * @param elicitationChannels of a server that the process knows by that name
   */
  McpConnections open(
      Provenance provenance,
      List<SelectedMcpServer> servers,
      Function<String, ElicitationChannel> elicitationChannels);

  /** One process's way to its servers. */
  interface McpConnections extends AutoCloseable {
    /**
     * Answers one message of JSON-RPC. What goes wrong is an answer, too; it fails never.
     *
     * @param server by the name under which the process knows it
     */
    CompletableFuture<JsonNode> answer(String server, JsonNode message);

    /** Nobody waits for the answer to that message any more. */
    void cancel(String server, JsonNode message);

    /** Ends its connections and their programs. */
    @Override
    void close();
  }
}
