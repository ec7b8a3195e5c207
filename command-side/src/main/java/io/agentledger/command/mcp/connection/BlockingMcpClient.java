package io.agentledger.command.mcp.connection;

import io.modelcontextprotocol.client.McpAsyncClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The client with a server at its other end. Blocks until the server answers, or has ended: the
 * client itself would wait for one that has.
 *
 * @param closed completes when the server has ended
 */
record BlockingMcpClient(McpAsyncClient client, CompletableFuture<Void> closed)
    implements AutoCloseable {
  /** How long a server may take to say that it is there. */
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

  /** Asks one thing; what comes back may be nothing. */
  <R> @Nullable R call(Function<McpAsyncClient, Mono<R>> request) {
    Mono<R> connectionClosed =
        Mono.fromFuture(closed, true)
            .then(Mono.error(() -> new McpConnectionException("it has ended")));
    return Mono.firstWithSignal(request.apply(client), connectionClosed).block();
  }

  /** The same where there must be an answer. */
  <R> R callForResult(Function<McpAsyncClient, Mono<R>> request) {
    var answer = call(request);
    if (answer == null) throw new McpConnectionException("it answered with nothing");
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
