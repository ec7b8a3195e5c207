package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Responses of a query in a new session that waits for its run. */
class QuerySingleTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static HttpRequest.Builder request(String parameters, String prompt) {
    return server
        .request("/api/v1/query/single" + parameters)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{\"prompt\": \"" + prompt + "\"}"));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }

  @Test
  void endedRunIsReturnedWithItsIds() {
    var response = server.send(request("", "hello"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var run = ApiTestServer.json(response);
    assertThat(run.path("status").asString()).isEqualTo("completed");
    assertThat(header(response, "X-Run-Id")).isEqualTo(run.path("id").asString());
    assertThat(header(response, "X-Session-Id")).isEqualTo(run.path("session_id").asString());
    assertThat(header(response, "X-Query-Id")).startsWith("qry_");
    assertThat(header(response, "Content-Type")).startsWith("application/json");
  }

  @Test
  void queryGoesToTheSessionThatTheRequestNames() {
    var session = server.openSession().toString();
    var body = "{\"prompt\": \"hello\", \"session_id\": \"%s\", \"options\": {\"max_turns\": 5}}";
    var response = server.post("/api/v1/query/single", body.formatted(session));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(header(response, "X-Session-Id")).isEqualTo(session);
  }

  @Test
  void fieldsOfANewSessionAreRefusedWithAnOpenOne() {
    var body =
        """
        {"prompt": "hello", "session_id": "%s", "title": "t", "executor": "background",
         "options": {"max_turns": 5, "effort": "low", "skills": []}}""";
    var response = server.post("/api/v1/query", body.formatted(server.openSession().toString()));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).path("errors").findValuesAsString("pointer"))
        .containsExactlyInAnyOrder("/title", "/executor", "/options/effort", "/options/skills");
  }

  @Test
  void messagesAreIncludedOnRequest() {
    var response = server.send(request("?include=messages", "hello"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var body = ApiTestServer.json(response);
    assertThat(body.at("/run/id").asString()).isEqualTo(header(response, "X-Run-Id"));
    assertThat(body.at("/messages/items/0/block/text").asString()).isEqualTo("hello");
    assertThat(body.at("/messages/next_cursor").isNull()).isTrue();
    assertThat(server.send(request("?include=tools", "hello")).statusCode()).isEqualTo(400);
  }

  @Test
  void runThatWaitsForBudgetIsReturnedAs402() {
    var response = server.send(request("", "paused"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(402);
    assertThat(header(response, "Content-Type")).startsWith("application/problem+json");
    var problem = ApiTestServer.json(response);
    assertThat(problem.path("code").asString()).isEqualTo("budget_paused");
    assertThat(problem.path("request_id").asString()).isEqualTo(header(response, "X-Request-ID"));
    assertThat(problem.at("/details/run/status").asString()).isEqualTo("paused");
    assertThat(problem.at("/details/run/id").asString()).isEqualTo(header(response, "X-Run-Id"));
    assertThat(problem.at("/details/budget_owner").asString()).isEqualTo("session");
    assertThat(problem.at("/details/limit_usd").asString()).isEqualTo("0.01");
    assertThat(problem.at("/details/needed_usd").asString()).isEqualTo("0.0315");
  }

  @Test
  void runThatWasResumedMeanwhileIsAwaited() {
    var response = server.send(request("", "paused and resumed"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  @Test
  void runThatNeedsADecisionIsReturnedAtOnce() {
    var response = server.send(request("", "asks"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    var query = ApiTestServer.json(response);
    assertThat(query.path("run_id").asString()).isEqualTo(header(response, "X-Run-Id"));
    assertThat(query.at("/pending_actions/0/type").asString()).isEqualTo("permission");
    assertThat(query.at("/pending_actions/0/action_id").asString()).startsWith("act_");
  }

  @Test
  void requestedTimeIncludesDecisions() {
    long start = System.nanoTime();
    var response = server.send(request("?wait=1", "asks"));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(1));
    assertThat(ApiTestServer.json(response).path("pending_actions").size()).isEqualTo(1);
    var immediate = server.send(request("?wait=0", "never ends"));
    assertThat(immediate.statusCode()).as(immediate.body()).isEqualTo(202);
    assertThat(ApiTestServer.json(immediate).path("pending_actions").isEmpty()).isTrue();
    for (var wait : new String[] {"-1", "3601", "soon"}) {
      var refused = server.send(request("?wait=" + wait, "hello"));
      assertThat(refused.statusCode()).as(wait).isEqualTo(400);
      assertThat(refused.body()).contains("wait");
    }
  }

  @Test
  void runOfADisconnectedClientIsInterrupted() {
    var gone = disconnect(request("", "never ends"));
    await().atMost(TIMEOUT).until(() -> server.backend().interrupted.contains(gone));
  }

  @Test
  void runOfARequestThatCanBeRepeatedIsNotInterrupted() {
    var key = UUID.randomUUID().toString();
    var repeatable = disconnect(request("", "never ends").header("Idempotency-Key", key));
    var gone = disconnect(request("", "never ends"));
    await().atMost(TIMEOUT).until(() -> server.backend().interrupted.contains(gone));
    assertThat(server.backend().interrupted).doesNotContain(repeatable);
  }

  /** Sends a request, disconnects when its query was submitted, and returns its session. */
  private static SessionId disconnect(HttpRequest.Builder request) {
    var before = server.backend().sessionsWithEndlessRuns();
    var response = server.client().sendAsync(request.build(), BodyHandlers.ofString());
    await()
        .atMost(TIMEOUT)
        .until(() -> server.backend().sessionsWithEndlessRuns().size() > before.size());
    response.cancel(true);
    var after = server.backend().sessionsWithEndlessRuns();
    after.removeAll(before);
    return after.iterator().next();
  }
}
