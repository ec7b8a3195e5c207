package io.agentledger.gateway.identity.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.security.Authenticator;
import io.agentledger.api.identity.security.CredentialRef;
import io.agentledger.gateway.ApiTestServer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * Measures the cost of authentication and rate limits as the difference to the same request without
 * them, alternately on the same service. It reports the median of the rounds after a warm-up. Run
 * it by name, on an idle machine; see {@code docs/benchmarks.md}.
 */
class AuthenticationCostBenchmark {
  private static final Duration ALLOWED = Duration.ofMillis(2);
  private static final int ROUNDS = Integer.getInteger("access.rounds", 9);
  private static final int WARM_UP_ROUNDS = 10;
  private static final int REQUESTS = Integer.getInteger("access.requests", 400);

  @Test
  void authenticationAndLimitsAddLessThanTwoMilliseconds(@TempDir Path home) throws IOException {
    try (var server =
        ApiTestServer.openService(home, "--agentledger.quota.owner.calls-per-minute=1000000")) {
      var bare = plainServer(server);
      try (var with = new KeptConnection(server.port(), server.key());
          var without = new KeptConnection(bare.port(), server.key())) {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
          with.round();
          without.round();
        }
        var added = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
          var bareTimes = without.round();
          var times = with.round();
          added[i] = p(95, times) - p(95, bareTimes);
          System.out.printf(
              Locale.ROOT,
              "access: p50 %.2f ms, p95 %.2f ms; without p50 %.2f ms, p95 %.2f ms%n",
              millis(p(50, times)),
              millis(p(95, times)),
              millis(p(50, bareTimes)),
              millis(p(95, bareTimes)));
        }
        Arrays.sort(added);
        assertThat(Duration.ofNanos(Math.max(0, p(50, added)))).isLessThan(ALLOWED);
      } finally {
        bare.disposeNow();
      }
    }
  }

  /** Serves the service's handlers on another port, with a fixed caller and without rate limits. */
  private static DisposableServer plainServer(ApiTestServer server) {
    Caller owner =
        server
            .bean(Authenticator.class)
            .authenticate(server.key())
            .toCompletableFuture()
            .join()
            .get();
    WebFilter known =
        (exchange, chain) ->
            chain
                .filter(exchange)
                .contextWrite(
                    ReactiveSecurityContextHolder.withAuthentication(
                        new CallerAuthentication(
                            owner, new CredentialRef.Key(owner.credential(), ""))));
    var handler =
        WebHttpHandlerBuilder.webHandler(server.bean(DispatcherHandler.class))
            .filter(known)
            .build();
    return HttpServer.create()
        .host("127.0.0.1")
        .port(0)
        .handle(new ReactorHttpHandlerAdapter(handler))
        .bindNow();
  }

  private static long p(int percent, long[] sorted) {
    return sorted[sorted.length * percent / 100];
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }

  /** One persistent connection, without the overhead of a client library. */
  private static final class KeptConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final byte[] request;

    KeptConnection(int port, String key) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
      request =
          ("GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
                  .formatted(key))
              .getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the latencies of a round, sorted. */
    long[] round() throws IOException {
      var nanos = new long[REQUESTS];
      for (int i = 0; i < REQUESTS; i++) {
        long start = System.nanoTime();
        socket.getOutputStream().write(request);
        assertThat(answer()).isEqualTo(200);
        nanos[i] = System.nanoTime() - start;
      }
      Arrays.sort(nanos);
      return nanos;
    }

    private int answer() throws IOException {
      int status = Integer.parseInt(line().split(" ")[1]);
      int length = 0;
      for (var header = line(); !header.isEmpty(); header = line())
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:"))
          length = Integer.parseInt(header.substring(15).strip());
      in.readNBytes(length);
      return status;
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) throw new IOException("the connection was closed");
        if (c != '\r') line.append((char) c);
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
