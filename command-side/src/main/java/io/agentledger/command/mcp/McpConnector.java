package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.command.mcp.connection.ElicitationChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Connects agents to MCP servers through the service; each process has its own connections. */
public interface McpConnector {
  /**
   * Creates the connections of a process, which connect at their first use.
   *
   * @param provenance provenance of the process
   * @param client agent of the process, and its session
   * @param elicitationChannels returns the channel to the user for a server's name
   */
  McpConnections open(
      Provenance provenance,
      PlatformServer.Client client,
      List<SelectedMcpServer> servers,
      Function<String, ElicitationChannel> elicitationChannels);

  /** Connections of one process to its servers. */
  interface McpConnections extends AutoCloseable {
    /**
     * Responds to one JSON-RPC message. An error is a response, too; the future never fails.
     *
     * @param server the server's name in the process
     * @param initiator provenance of the run's query; of a message that belongs to no run, that of
     *     the session
     */
    CompletableFuture<JsonNode> answer(String server, JsonNode message, Provenance initiator);

    /**
     * Returns why the server cannot be used, as the end of a sentence; empty if it can. Blocks on
     * the event store.
     */
    Optional<String> findFailure(String server);

    /** Cancels a message whose response is no longer needed. */
    void cancel(String server, JsonNode message);

    /** Closes the connections and ends their programs. */
    @Override
    void close();
  }
}
