package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.command.mcp.connection.ElicitationChannel;
import io.agentledger.command.mcp.connection.JsonRpcAdapter;
import io.agentledger.store.support.UntrustedJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Connects each process to the MCP servers of its session. */
final class CheckedMcpConnector implements McpConnector, AutoCloseable {
  private final McpServerChecker mcpServerChecker;
  private final Supplier<@Nullable PlatformServer> platformServer;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param platformServer returns the platform's own server, or null on a node without it
   */
  CheckedMcpConnector(
      McpServerChecker mcpServerChecker, Supplier<@Nullable PlatformServer> platformServer) {
    this.mcpServerChecker = mcpServerChecker;
    this.platformServer = platformServer;
  }

  @Override
  public McpConnections open(
      Provenance provenance,
      PlatformServer.Client client,
      List<SelectedMcpServer> servers,
      Function<String, ElicitationChannel> elicitationChannels) {
    boolean hasPlatform =
        servers.stream().anyMatch(server -> server.id().equals(PlatformServer.ID));
    Map<String, McpServerSession> sessionsByName =
        servers.stream()
            .filter(server -> !server.id().equals(PlatformServer.ID))
            .collect(
                Collectors.toMap(
                    SelectedMcpServer::name,
                    server ->
                        new McpServerSession(
                            mcpServerChecker,
                            provenance,
                            server.id(),
                            elicitationChannels.apply(server.name()))));
    return new McpConnections() {
      @Override
      public CompletableFuture<JsonNode> answer(
          String server, JsonNode message, Provenance initiator) {
        if (hasPlatform && server.equals(PlatformServer.NAME))
          return answerFromPlatform(client, initiator, message);
        return CompletableFuture.supplyAsync(
            () -> answerOrFail(sessionsByName.get(server), message), executor);
      }

      @Override
      public Optional<String> findFailure(String server) {
        return Optional.ofNullable(sessionsByName.get(server))
            .flatMap(McpServerSession::findFailure);
      }

      @Override
      public void cancel(String server, JsonNode message) {
        var mcpServerSession = sessionsByName.get(server);
        if (mcpServerSession != null) executor.execute(() -> mcpServerSession.cancel(message));
      }

      @Override
      public void close() {
        try {
          executor.execute(() -> sessionsByName.values().forEach(McpServerSession::close));
        } catch (RejectedExecutionException e) {
          // The node stops; sessions with MCP servers end with their connections.
        }
      }
    };
  }

  private CompletableFuture<JsonNode> answerFromPlatform(
      PlatformServer.Client client, Provenance initiator, JsonNode message) {
    var acknowledgement = JsonRpcAdapter.acknowledgement(message);
    if (acknowledgement.isPresent())
      return CompletableFuture.completedFuture(acknowledgement.get());
    var platform = platformServer.get();
    if (platform == null)
      return CompletableFuture.completedFuture(
          JsonRpcAdapter.failure(message, "This node does not have the server."));
    return platform
        .answer(client, initiator, message.toString())
        .<JsonNode>thenApply(UntrustedJson.MAPPER::readTree)
        .toCompletableFuture();
  }

  private static JsonNode answerOrFail(
      @Nullable McpServerSession mcpServerSession, JsonNode message) {
    if (mcpServerSession == null)
      return JsonRpcAdapter.failure(message, "The session has no such MCP server.");
    return JsonRpcAdapter.acknowledgement(message)
        .orElseGet(() -> mcpServerSession.answer(message));
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
