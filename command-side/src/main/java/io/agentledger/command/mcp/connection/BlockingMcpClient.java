package io.agentledger.command.mcp.connection;

import io.modelcontextprotocol.client.McpAsyncClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Client of one server. Blocks until the server responds or has ended; the client alone would wait
 * for a server that has ended.
 *
 * @param closed completes when the server has ended
 * @param endReason why it has ended, as the end of a sentence
 */
record BlockingMcpClient(
    McpAsyncClient client, CompletableFuture<Void> closed, Supplier<String> endReason)
    implements AutoCloseable {
  /** Time limit of a ping. */
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

  /** Sends a request; the response may be empty. */
  <R> @Nullable R call(Function<McpAsyncClient, Mono<R>> request) {
    Mono<R> connectionClosed =
        Mono.fromFuture(closed, true)
            .then(Mono.error(() -> new McpConnectionException(endReason.get())));
    return Mono.firstWithSignal(request.apply(client), connectionClosed).block();
  }

  /** Sends a request whose response must not be empty. */
  <R> R callForResult(Function<McpAsyncClient, Mono<R>> request) {
    var answer = call(request);
    if (answer == null) throw new McpConnectionException("its response was empty");
    return answer;
  }

  boolean isAlive() {
    try {
      call(mcpClient -> mcpClient.ping().timeout(PING_TIMEOUT));
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
