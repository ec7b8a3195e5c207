package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.rsocket.RSocketServerLifecycle;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.rsocket.context.RSocketServerBootstrap;
import tools.jackson.databind.JsonNode;

/** All modules together: the real CLI, a real database, every protocol. */
class ServiceIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final String HELLO = "{\"prompt\": \"hello\"}";
  private static final String CALLS_ANOTHER =
      """
      {"options": {"allowed_tools": ["Agent", "Bash"]},
       "prompt": "```rehearsal\\n- calls:\\n    - tool: Agent\\n      input:\\n        subagent_type: general-purpose\\n        description: look\\n        prompt: |\\n          ```rehearsal\\n          - say: I look.\\n            calls:\\n              - {tool: Bash, input: {command: ls, description: look}}\\n          - say: Seen.\\n          ```\\n- say: It has looked.\\n```\\n"}
      """;

  private static Path home;
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path directory) throws IOException {
    home = directory;
    server = ApiTestServer.openService(home);
  }

  @AfterAll
  static void close() {
    server.close();
    assertThat(home.resolve("service.json")).doesNotExist();
  }

  private static HttpRequest.Builder postRequest(String path, String body, String key) {
    return server
        .request(path)
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(body));
  }

  private static SseTestClient follow(SessionId session, String query) {
    return SseTestClient.open(
        server,
        server.request("/api/v1/sessions/" + session + "/events" + query).timeout(TIMEOUT).GET());
  }

  private static SessionId answered() {
    var response =
        server.send(postRequest("/api/v1/query/single", HELLO, UUID.randomUUID().toString()));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new SessionId(ApiTestServer.json(response).path("session_id").asString());
  }

  private static long eventCount(SessionId session) {
    return ApiTestServer.json(server.get("/api/v1/sessions/" + session)).path("sequence").asLong();
  }

  private static List<String> sequenceRange(long from, long to) {
    return IntStream.rangeClosed((int) from, (int) to).mapToObj(String::valueOf).toList();
  }

  @Test
  void queryStreamsTheAgentsEventsAndEndsWithItsResult() {
    var session = server.openSession();
    var client =
        SseTestClient.open(
            server,
            server
                .request("/api/v1/sessions/" + session + "/query")
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(HELLO)));
    await().atMost(TIMEOUT).until(client::ended);
    assertThat(client.types()).contains("init", "partial", "message").endsWith("result", "done");
    var result = client.events().get(client.events().size() - 2).data();
    assertThat(result.path("upstream").asString()).isEqualTo("rehearsal");
    assertThat(result.path("is_error").asBoolean()).isFalse();
    assertThat(result.path("result").asString()).isNotEmpty();
  }

  @Test
  void lateAndReconnectedClientsSeeTheSameEvents() throws Exception {
    var session = server.openSession();
    try (var early = follow(session, "?after=0")) {
      var query = "/api/v1/sessions/" + session + "/query";
      assertThat(server.post(query, HELLO).statusCode()).isEqualTo(202);
      await().atMost(TIMEOUT).until(() -> early.types().contains("init"));
      try (var late = follow(session, "?after=0")) {
        await().atMost(TIMEOUT).until(() -> early.types().contains("result"));
        await().atMost(TIMEOUT).until(() -> eventCount(session) == early.ids().size());
        await().atMost(TIMEOUT).until(() -> late.ids().size() == early.ids().size());
        assertThat(late.ids())
            .isEqualTo(early.ids())
            .isEqualTo(sequenceRange(1, early.ids().size()));
        var request =
            server
                .request("/api/v1/sessions/" + session + "/events")
                .header("Last-Event-ID", "3")
                .GET();
        try (var back = SseTestClient.open(server, request)) {
          await().atMost(TIMEOUT).until(() -> back.ids().size() == early.ids().size() - 3);
          assertThat(back.ids()).isEqualTo(sequenceRange(4, early.ids().size()));
        }
      }
    }
  }

  @Test
  void transcriptToolCallsAndRunsAreRead() {
    var session = answered();
    for (var list : List.of("messages", "runs", "tool-calls")) {
      var response = server.get("/api/v1/sessions/" + session + "/" + list);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
    var messages = ApiTestServer.json(server.get("/api/v1/sessions/" + session + "/messages"));
    assertThat(messages.path("items").path(0).path("block").path("text").asString())
        .isEqualTo("hello");
    var run =
        ApiTestServer.json(server.get("/api/v1/sessions/" + session + "/runs"))
            .path("items")
            .path(0);
    var path = "/api/v1/sessions/" + session + "/runs/" + run.path("id").asString();
    assertThat(ApiTestServer.json(server.get(path))).isEqualTo(run);
  }

  @Test
  void subagentThreadIsReadSeparately() {
    var response =
        server.send(
            postRequest("/api/v1/query/single", CALLS_ANOTHER, UUID.randomUUID().toString()));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var session = "/api/v1/sessions/" + ApiTestServer.json(response).path("session_id").asString();
    var events =
        ApiTestServer.json(server.get(session + "/events?format=json&limit=500")).path("items");
    var threadId = threadOf(events, "SubagentStarted");
    var parents = new TreeSet<String>();
    for (var event : events) {
      boolean subagents = event.path("thread_id").asString("").equals(threadId);
      assertThat(event.has("parent_tool_use_id")).as(event.toString()).isEqualTo(subagents);
      if (event.path("event").asString().equals("SubagentStarted"))
        parents.add(event.path("tool_call_id").asString());
      if (subagents) parents.add(event.path("parent_tool_use_id").asString());
    }
    assertThat(parents).hasSize(1);
    var page = ApiTestServer.json(server.get(session + "/messages?limit=2&thread_id=" + threadId));
    var rest =
        ApiTestServer.json(
            server.get(
                session
                    + "/messages?thread_id="
                    + threadId
                    + "&cursor="
                    + page.path("next_cursor").asString()));
    assertThat(Stream.concat(texts(page), texts(rest)))
        .containsExactly("I look.", "tool_use", "Seen.");
    assertThat(
            texts(
                ApiTestServer.json(
                    server.get(session + "/messages?thread_id=" + threadOf(events)))))
        .contains("It has looked.")
        .doesNotContain("Seen.", "I look.");
    var calls =
        ApiTestServer.json(server.get(session + "/tool-calls?thread_id=" + threadId)).path("items");
    assertThat(calls.valueStream().map(call -> call.path("name").asString()))
        .containsExactly("Bash");
    var malformed = server.get(session + "/messages?thread_id=main");
    assertThat(malformed.statusCode()).as(malformed.body()).isEqualTo(400);
    assertThat(malformed.body()).contains("thread_id");
    var route = session.substring("/api/v1/".length()).replace('/', '.');
    Map<String, Object> parameters = Map.of("thread_id", threadId, "limit", 10);
    try (var socket = new RSocketTestClient(server)) {
      assertThat(texts(socket.request(route + ".messages", parameters)))
          .containsExactly("I look.", "tool_use", "Seen.");
      assertThat(socket.request(route + ".tool-calls", parameters).toString())
          .contains("\"name\":\"Bash\"");
    }
  }

  /** Returns the thread of the session, or of the first event of that name. */
  private static String threadOf(JsonNode events, String... name) {
    return events
        .valueStream()
        .filter(event -> name.length == 0 || event.path("event").asString().equals(name[0]))
        .findFirst()
        .orElseThrow()
        .path("thread_id")
        .asString();
  }

  private static Stream<String> texts(JsonNode page) {
    return page.path("items")
        .valueStream()
        .map(item -> item.path("block"))
        .map(block -> block.path("text").asString(block.path("type").asString("")));
  }

  @Test
  void sameKeyIsTheSameSessionAndQuery() {
    var key = UUID.randomUUID().toString();
    var first = ApiTestServer.json(server.send(postRequest("/api/v1/query", HELLO, key)));
    var second =
        ApiTestServer.json(
            server.send(postRequest("/api/v1/query", "{ \"prompt\":\"hello\" }", key)));
    assertThat(second).isEqualTo(first);
    assertReused(postRequest("/api/v1/query", "{\"prompt\": \"something else\"}", key));
  }

  @Test
  void queryWithoutTheRightToReadItsResultIsNotSent() {
    var key = server.post("/api/v1/keys", "{\"name\": \"w\", \"scopes\": [\"sessions:write\"]}");
    var newest = server.get("/api/v1/sessions?limit=1").body();
    for (var path : List.of("/api/v1/query/single", "/api/v1/query")) {
      var request =
          HttpRequest.newBuilder(server.uri(path))
              .header(
                  "Authorization", "Bearer " + ApiTestServer.json(key).path("secret").asString())
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(HELLO));
      assertThat(server.send(request).statusCode()).isEqualTo(403);
    }
    assertThat(server.get("/api/v1/sessions?limit=1").body()).isEqualTo(newest);
  }

  @Test
  void repeatedKeyExecutesNoCommandTwice() {
    var session = "/api/v1/sessions/" + server.openSession();
    var inputs = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"What is in this folder?\"}]}";
    var others = "{\"inputs\": [{\"type\": \"resume\"}]}";
    var interrupt = session + "/interrupt";
    assertThat(postTwice(session + "/inputs", inputs, others)).contains("query_id");
    var key = UUID.randomUUID().toString();
    var first = server.send(postRequest(interrupt, "", key));
    assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              var refused = server.post(interrupt, "");
              assertThat(refused.statusCode()).isEqualTo(409);
              assertThat(refused.body()).contains("nothing_running");
            });
    var again = server.send(postRequest(interrupt, "", key));
    assertThat(again.body()).isEqualTo(first.body()); // The first response is repeated.
    assertReused(postRequest("/api/v1/sessions/" + server.openSession() + "/interrupt", "", key));
  }

  /**
   * Sends a request twice, and then with the same key and another body; returns the first response.
   */
  private static String postTwice(String path, String body, String other) {
    var key = UUID.randomUUID().toString();
    var first = server.send(postRequest(path, body, key));
    assertThat(first.statusCode()).as(first.body()).isLessThan(300);
    assertThat(server.send(postRequest(path, body, key)).body()).isEqualTo(first.body());
    assertReused(postRequest(path, other, key));
    return first.body();
  }

  private static void assertReused(HttpRequest.Builder request) {
    var refused = server.send(request);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(refused).path("code").asString())
        .isEqualTo("idempotency_key_reused");
  }

  @Test
  void queriesQueueAndTheSeventeenthIsRejected() {
    var session = server.openSession();
    var path = "/api/v1/sessions/" + session + "/query";
    var work = "{\"prompt\": \"What is in this folder? Then write NOTES.md about it.\"}";
    assertThat(ApiTestServer.json(server.post(path, work)).path("queue_position").asInt()).isZero();
    var inputs = ",{\"type\": \"prompt\", \"prompt\": \"hello\"}".repeat(16).substring(1);
    var batch =
        server.post("/api/v1/sessions/" + session + "/inputs", "{\"inputs\": [" + inputs + "]}");
    assertThat(batch.statusCode()).as(batch.body()).isEqualTo(200);
    var refused = server.post(path, HELLO);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    assertThat(ApiTestServer.json(refused).path("code").asString()).isEqualTo("queue_full");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(ApiTestServer.json(refused).at("/details/retry_after_seconds").asInt()).isEqualTo(5);
    assertThat(server.post("/api/v1/sessions/" + session + "/interrupt", "").statusCode())
        .isEqualTo(202);
  }

  @Test
  void rejectsATamperedCursor() {
    answered();
    answered();
    var next =
        ApiTestServer.json(server.get("/api/v1/sessions?limit=1")).path("next_cursor").asString();
    assertThat(server.get("/api/v1/sessions?limit=1&cursor=" + next).statusCode()).isEqualTo(200);
    char last = next.charAt(3) == 'A' ? 'B' : 'A';
    var tampered = next.substring(0, 3) + last + next.substring(4);
    var refused = server.get("/api/v1/sessions?limit=1&cursor=" + tampered);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(refused).path("code").asString()).isEqualTo("invalid_cursor");
  }

  @Test
  void rejectsADirectoryWithExternalLinksAndCopiesOneWithout(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("a.txt"), "a");
    var body = "{\"workspace\": {\"type\": \"copy\", \"path\": \"" + folder + "\"}}";
    var opened = server.post("/api/v1/sessions", body);
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    assertThat(ApiTestServer.json(opened).path("workspace").path("files").asInt()).isEqualTo(1);
    Files.createSymbolicLink(folder.resolve("out"), Path.of("/etc/hostname"));
    var refused = server.post("/api/v1/sessions", body);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(refused).path("code").asString())
        .isEqualTo("workspace_link_escapes");
  }

  @Test
  void onlyOurRSocketServerRuns() {
    assertThat(server.beansOf(RSocketServerBootstrap.class)).isEmpty();
    assertThat(server.bean(RSocketServerLifecycle.class).isRunning()).isTrue();
  }

  @Test
  void serviceReportsItsStatusAndPorts() throws IOException {
    var status = ApiTestServer.json(server.get("/api/v1/status"));
    assertThat(status.path("upstream").asString()).isEqualTo("rehearsal");
    assertThat(status.path("cli_version").asString()).isNotEmpty();
    assertThat(Files.readString(home.resolve("service.json")))
        .contains("\"port\":" + server.port(), "\"rsocket_port\":" + server.rsocketPort());
    var ready = HttpRequest.newBuilder(server.uri("/actuator/health/readiness")).GET();
    assertThat(server.send(ready).body()) // Names and statuses only, without details.
        .isEqualTo(
            "{\"components\":{\"db\":{\"status\":\"UP\"},\"disk\":{\"status\":\"UP\"},"
                + "\"projections\":{\"status\":\"UP\"},\"readinessState\":{\"status\":\"UP\"}},"
                + "\"status\":\"UP\"}");
    assertThat(
            server.send(HttpRequest.newBuilder(server.uri("/actuator/health")).GET()).statusCode())
        .isEqualTo(401);
  }

  @Tag("exhaustive")
  @Test
  void replayedProjectionIsUnchanged() {
    var session = answered();
    var before = server.get("/api/v1/sessions/" + session + "/messages").body();
    var name =
        ApiTestServer.json(server.get("/api/v1/admin/projections"))
            .path("items")
            .path(0)
            .path("name")
            .asString();
    var projection = "/api/v1/admin/projections/" + name;
    var key = UUID.randomUUID().toString();
    for (int i = 0; i < 2; i++)
      assertThat(server.send(postRequest(projection + "/replay", "", key)).statusCode())
          .isEqualTo(202);
    assertReused(postRequest(projection + "/dead-letters/retry", "", key));
    assertThat(
            server
                .send(postRequest(projection + "/dead-letters/retry", "", "another-" + key))
                .statusCode())
        .isEqualTo(202);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(server.get("/api/v1/sessions/" + session + "/messages").body())
                    .isEqualTo(before));
    assertThat(ApiTestServer.json(server.get(projection + "/dead-letters")).path("items"))
        .isEmpty();
  }

  @Tag("exhaustive")
  @Test
  void rebuiltProjectionIsUnchangedAndShowsThePast() {
    var session = answered();
    var messages = "/api/v1/sessions/" + session + "/messages";
    var before = server.get(messages).body();
    var rebuild = "/api/v1/admin/projections/session/rebuild";
    var key = UUID.randomUUID().toString();
    assertThat(server.send(postRequest(rebuild, "", key)).statusCode()).isEqualTo(202);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(ApiTestServer.json(server.get(rebuild)).path("status").asString())
                    .isEqualTo("completed"));
    assertThat(server.get(messages).body()).isEqualTo(before);
    var items = ApiTestServer.json(server.get(messages)).path("items");
    var sequence = items.path(0).path("sequence").asLong();
    assertThat(ApiTestServer.json(server.get(messages + "?at=" + sequence)).path("items"))
        .containsExactly(items.path(0));
    assertThat(server.get(messages + "?at=999999").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "ws"})
  void npmRSocketClientReadsTheSameStream(String transport) throws Exception {
    var session = answered();
    var events =
        ApiTestServer.json(
                server.get("/api/v1/sessions/" + session + "/events?format=json&limit=500"))
            .path("items");
    var expected = events.valueStream().map(ServiceIT::numberAndType).toList();
    int port = transport.equals("tcp") ? server.rsocketPort() : server.port();
    var output =
        NodeScript.execute(
            server.key(), transport, "" + port, session.value(), "" + expected.size());
    assertThat(output).isEqualTo(expected);
  }

  private static String numberAndType(JsonNode event) {
    return event.path("sequence").asLong() + " " + event.path("type").asString();
  }

  private static JsonNode assertStatus(HttpRequest.Builder request, int status) {
    var response = server.send(request.timeout(TIMEOUT));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static JsonNode posted(String path, String body) {
    return assertStatus(postRequest(path, body, UUID.randomUUID().toString()), 200);
  }

  @Test
  void capabilitiesAreRefreshedBeforeTheFirstQuery() {
    var session = "/api/v1/sessions/" + server.openSession();
    var before = assertStatus(server.request(session + "/capabilities").GET(), 200);
    assertThat(before.path("available").asBoolean(true)).isFalse();
    assertThat(before.path("commands").size()).isZero();
    var refreshed = posted(session + "/capabilities/refresh", "");
    assertThat(refreshed.path("available").asBoolean(false)).isTrue();
    assertThat(refreshed.path("commands").values())
        .anyMatch(command -> command.path("argument_hint").asString("").startsWith("["));
    assertThat(refreshed.path("agents").toString()).contains("general-purpose");
    assertThat(refreshed.path("models").toString()).contains("\"effort_levels\":[\"low\"");
    assertThat(refreshed.path("output_style").asString()).isEqualTo("default");
    assertThat(assertStatus(server.request(session + "/capabilities").GET(), 200))
        .isEqualTo(refreshed);
    assertThat(assertStatus(server.request(session).GET(), 200).path("runs").asInt(-1)).isZero();

    assertThat(
            assertStatus(server.request(session + "/context").GET(), 404).path("code").asString())
        .isEqualTo("context_not_found");
    var measured = posted(session + "/context/refresh", "");
    assertThat(measured.path("tokens").asLong()).isPositive();
    assertThat(measured.path("tokens_max").asLong()).isGreaterThan(100_000);
    assertThat(measured.at("/breakdown/categories/0/tokens").isNumber()).isTrue();
    assertThat(assertStatus(server.request(session + "/context").GET(), 200)).isEqualTo(measured);
  }

  @Test
  void repeatedSideRequestIsAnsweredOnce() {
    var session = "/api/v1/sessions/" + answered();
    var requested = "{\"question\": \"```rehearsal\\n- say: I said hello.\\n```\"}";
    var first =
        assertStatus(postRequest(session + "/side-requests", requested, "side-request-1"), 200);
    assertThat(first.path("status").asString()).isEqualTo("answered");
    assertThat(first.path("answer").asString()).isEqualTo("I said hello.");
    assertThat(first.path("question").asString()).contains("rehearsal");
    assertThat(
            assertStatus(postRequest(session + "/side-requests", requested, "side-request-1"), 200))
        .isEqualTo(first);
    var listed = assertStatus(server.request(session + "/side-requests").GET(), 200).path("items");
    assertThat(listed.size()).isEqualTo(1);
    var again = session + "/side-requests/" + first.path("id").asString();
    assertThat(assertStatus(server.request(again).GET(), 200)).isEqualTo(first);
    assertThat(server.get(session + "/messages").body()).doesNotContain("I said hello.");

    var described =
        "{\"description\": \"```rehearsal\\n- say: '{\\\"title\\\": \\\"Greetings\\\"}'\\n```\"}";
    assertThat(posted(session + "/title/generate", described).path("title").asString())
        .isEqualTo("Greetings");
    var none =
        assertStatus(
            postRequest(session + "/title/generate", "{\"description\": \"hello\"}", "title-2"),
            502);
    assertThat(none.path("code").asString()).isEqualTo("side_request_failed");
    assertThat(
            assertStatus(
                postRequest(session + "/side-requests", "{\"question\": \" \"}", "side-request-2"),
                400))
        .isNotNull();
    var fresh = "/api/v1/sessions/" + server.openSession() + "/side-requests";
    assertThat(
            assertStatus(postRequest(fresh, requested, "side-request-3"), 409)
                .path("code")
                .asString())
        .isEqualTo("no_conversation");
  }

  @Test
  void titleGenerationAndSideQuestionAreInputs() {
    var session = "/api/v1/sessions/" + server.openSession();
    var prompt = "```rehearsal\\n- say: '{\\\"title\\\": \\\"Made up\\\"}'\\n```";
    posted(
        session + "/inputs",
        "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"%s\"}, {\"type\": \"generate_title\"}]}"
            .formatted(prompt));
    await()
        .atMost(TIMEOUT)
        .until(() -> server.get(session).body().contains("\"title\":\"Made up\""));
    posted(
        session + "/inputs",
        "{\"inputs\": [{\"type\": \"ask_side_question\", \"question\": \"scenario: text\"}]}");
    await()
        .atMost(TIMEOUT)
        .until(
            () -> server.get(session + "/side-requests").body().contains("\"type\":\"question\""));
    await()
        .atMost(TIMEOUT)
        .until(() -> !server.get(session + "/side-requests").body().contains("\"pending\""));
    assertThat(server.get(session + "/side-requests").body()).doesNotContain("\"failed\"");
  }

  @Test
  void sessionShowsItsAgentConfigurationWithoutValues() {
    var opened =
        assertStatus(
            postRequest(
                "/api/v1/sessions",
                """
                {"options": {
                  "effort": "low", "output_style": "Explanatory",
                  "env": {"GREETING": "a-secret-value"},
                  "agents": {"critic": {"description": "criticises", "prompt": "Criticise."}},
                  "client_tools": [{"name": "weather", "description": "tells",
                                    "input_schema": {"type": "object"}}]}}
                """,
                "agent-config"),
            201);
    var agentConfig = opened.path("agent_config");
    assertThat(agentConfig.path("effort").asString()).isEqualTo("low");
    assertThat(agentConfig.path("output_style").asString()).isEqualTo("Explanatory");
    assertThat(agentConfig.path("env").toString()).isEqualTo("[\"GREETING\"]");
    assertThat(agentConfig.path("agents").toString()).isEqualTo("[\"critic\"]");
    assertThat(agentConfig.path("client_tools").toString()).isEqualTo("[\"weather\"]");
    assertThat(agentConfig.path("tools").toString()).contains("Bash");
    assertThat(opened.toString()).doesNotContain("a-secret-value").doesNotContain("Criticise.");
  }
}
