package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Time of calls while several clients send them, and time to the first token of an answer. Started
 * by hand, on a machine that does nothing else; {@code docs/benchmarks.md} has results.
 */
class ResponseTimeBenchmark {
  private static final int CLIENTS = Integer.getInteger("response.clients", 8);
  private static final int ROUNDS = Integer.getInteger("response.rounds", 50);
  private static final int QUERIES = 10;
  private static final Duration CALL_MAX = Duration.ofMillis(500);
  private static final Duration FIRST_TOKEN_MAX = Duration.ofSeconds(2);

  @Test
  void callsAndFirstTokensAreFastEnough(@TempDir Path home) throws Exception {
    try (var server =
        ApiTestServer.openService(
            home,
            "--agentledger.quota.user.calls-per-minute=1000000",
            "--agentledger.quota.user.calls-per-hour=1000000",
            "--agentledger.quota.user.sessions=1000")) {
      calls(server, 10); // Warms up.
      var calls = calls(server, ROUNDS);
      var tokens = firstTokens(server);
      System.out.printf(
          "%d calls of %d clients: p50 %d ms, p95 %d ms, p99 %d ms%n",
          calls.size(), CLIENTS, at(calls, 50), at(calls, 95), at(calls, 99));
      System.out.printf(
          "first token of %d queries: first %d ms, p50 %d ms, p95 %d ms%n",
          tokens.size(), tokens.getFirst(), at(tokens, 50), at(tokens, 95));
      assertThat(at(calls, 95)).isLessThan(CALL_MAX.toMillis());
      assertThat(at(tokens, 95)).isLessThan(FIRST_TOKEN_MAX.toMillis());
    }
  }

  private static long at(List<Long> millis, int percent) {
    var sorted = new ArrayList<>(millis);
    Collections.sort(sorted);
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }

  /** Each client opens sessions, changes, reads and lists them. */
  private static List<Long> calls(ApiTestServer server, int rounds) throws Exception {
    var clients = Collections.nCopies(CLIENTS, (Callable<List<Long>>) () -> client(server, rounds));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var millis = new ArrayList<Long>();
      for (var client : threads.invokeAll(clients)) millis.addAll(client.get());
      return millis;
    }
  }

  private static List<Long> client(ApiTestServer server, int rounds) {
    var millis = new ArrayList<Long>();
    for (int round = 0; round < rounds; round++) {
      var session = new String[1];
      millis.add(time(() -> session[0] = "/api/v1/sessions/" + server.openSession()));
      var title = BodyPublishers.ofString("{\"title\": \"Round\"}");
      var rename = server.request(session[0] + "/title").header("Content-Type", "application/json");
      millis.add(time(() -> assertOk(server.send(rename.PUT(title)).statusCode())));
      millis.add(time(() -> assertOk(server.get(session[0]).statusCode())));
      millis.add(time(() -> assertOk(server.get("/api/v1/sessions?limit=20").statusCode())));
      millis.add(time(() -> assertOk(server.get(session[0] + "/messages").statusCode())));
    }
    return millis;
  }

  private static void assertOk(int status) {
    assertThat(status).isEqualTo(200);
  }

  private static long time(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  /** The process of a session is alive from its second query on, as in a conversation. */
  private static List<Long> firstTokens(ApiTestServer server) {
    var session = server.openSession();
    var millis = new ArrayList<Long>();
    for (int i = 0; i < QUERIES; i++) {
      var request =
          server
              .request("/api/v1/sessions/" + session + "/query")
              .timeout(Duration.ofSeconds(60))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"prompt\": \"scenario: text\"}"));
      long start = System.nanoTime();
      var client = SseTestClient.open(server, request);
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> client.types().contains("partial"));
      millis.add(Duration.ofNanos(System.nanoTime() - start).toMillis());
      await().atMost(Duration.ofSeconds(60)).until(client::ended);
    }
    return millis;
  }
}
