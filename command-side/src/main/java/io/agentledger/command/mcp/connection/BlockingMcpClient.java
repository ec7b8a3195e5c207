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
 * @param gone completes when the server has ended
 */
record BlockingMcpClient(McpAsyncClient client, CompletableFuture<Void> gone)
    implements AutoCloseable {
  /** How long a server may take to say that it is there. */
  private static final Duration PULSE = Duration.ofSeconds(5);

  /** Asks one thing; what comes back may be nothing. */
  <R> @Nullable R call(Function<McpAsyncClient, Mono<R>> question) {
    Mono<R> ended =
        Mono.fromFuture(gone, true)
            .then(Mono.error(() -> new McpConnectionException("it has ended")));
    return Mono.firstWithSignal(question.apply(client), ended).block();
  }

  /** The same where there must be an answer. */
  <R> R need(Function<McpAsyncClient, Mono<R>> question) {
    var answer = call(question);
    if (answer == null) throw new McpConnectionException("it answered with nothing");
    return answer;
  }

  boolean isAlive() {
    try {
      call(each -> each.ping().timeout(PULSE));
      return true;
    } catch (RuntimeException silent) {
      return false;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
