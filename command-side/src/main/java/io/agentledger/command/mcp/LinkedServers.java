package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.ChosenServer;
import io.agentledger.command.mcp.link.Face;
import io.agentledger.command.mcp.link.Users;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Connects each process to the servers that its session has. */
final class LinkedServers implements ToolServers, AutoCloseable {
  private final Watch watch;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  LinkedServers(Watch watch) {
    this.watch = watch;
  }

  @Override
  public Conversation open(
      Provenance by, List<ChosenServer> servers, Function<String, Users> users) {
    Map<String, Post> posts =
        servers.stream()
            .collect(
                Collectors.toMap(
                    ChosenServer::name,
                    server -> new Post(watch, by, server.id(), users.apply(server.name()))));
    return new Conversation() {
      @Override
      public CompletableFuture<JsonNode> answer(String server, JsonNode message) {
        return CompletableFuture.supplyAsync(() -> answered(posts.get(server), message), threads);
      }

      @Override
      public void cancel(String server, JsonNode message) {
        var post = posts.get(server);
        if (post != null) threads.execute(() -> post.cancel(message));
      }

      @Override
      public void close() {
        threads.execute(() -> posts.values().forEach(Post::close));
      }
    };
  }

  private static JsonNode answered(@Nullable Post post, JsonNode message) {
    if (post == null) return Face.failure(message, "The session has no such MCP server.");
    return Face.acknowledgement(message).orElseGet(() -> post.answer(message));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
