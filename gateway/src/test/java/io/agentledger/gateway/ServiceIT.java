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
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.rsocket.context.RSocketServerBootstrap;
import tools.jackson.databind.JsonNode;

/** All sides together: the real CLI, a real database, every door. */
class ServiceIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final String HELLO = "{\"prompt\": \"hello\"}";
  private static final String CALLS_ANOTHER =
      """
      {"options": {"allowed_tools": ["Agent", "Bash"]},
       "prompt": "```rehearsal\\n- calls:\\n    - tool: Agent\\n      input:\\n        subagent_type: general-purpose\\n        description: look\\n        prompt: |\\n          ```rehearsal\\n          - say: I look.\\n            calls:\\n              - {tool: Bash, input: {command: ls, description: look}}\\n          - say: Seen.\\n          ```\\n- say: It has looked.\\n```\\n"}
      """;

  private static Path home;
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path directory) throws IOException {
    home = directory;
    doors = ApiTestServer.house(home);
  }

  @AfterAll
  static void close() {
    doors.close();
    assertThat(home.resolve("service.json")).doesNotExist();
  }

  private static HttpRequest.Builder posting(String path, String body, String key) {
    return doors
        .request(path)
        .timeout(TIMEOUT)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(body));
  }

  private static Sse follow(SessionId session, String how) {
    return Sse.open(
        doors,
        doors.request("/api/v1/sessions/" + session + "/events" + how).timeout(TIMEOUT).GET());
  }

  private static SessionId answered() {
    var response = doors.send(posting("/api/v1/query/single", HELLO, UUID.randomUUID().toString()));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new SessionId(ApiTestServer.json(response).path("session_id").asString());
  }

  private static long facts(SessionId session) {
    return ApiTestServer.json(doors.get("/api/v1/sessions/" + session)).path("sequence").asLong();
  }

  private static List<String> upTo(long from, long to) {
    return IntStream.rangeClosed((int) from, (int) to).mapToObj(String::valueOf).toList();
  }

  @Test
  void aQueryStreamsWhatTheAgentDoesAndEndsWithItsResult() {
    var session = doors.openSession();
    var client =
        Sse.open(
            doors,
            doors
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
  void twoClientsOneOfThemLateAndOneThatCameBackSeeTheSameFacts() throws Exception {
    var session = doors.openSession();
    try (var early = follow(session, "?after=0")) {
      var query = "/api/v1/sessions/" + session + "/query";
      assertThat(doors.post(query, HELLO).statusCode()).isEqualTo(202);
      await().atMost(TIMEOUT).until(() -> early.types().contains("init"));
      try (var late = follow(session, "?after=0")) {
        await().atMost(TIMEOUT).until(() -> early.types().contains("result"));
        await().atMost(TIMEOUT).until(() -> facts(session) == early.ids().size());
        await().atMost(TIMEOUT).until(() -> late.ids().size() == early.ids().size());
        assertThat(late.ids()).isEqualTo(early.ids()).isEqualTo(upTo(1, early.ids().size()));
        var request =
            doors
                .request("/api/v1/sessions/" + session + "/events")
                .header("Last-Event-ID", "3")
                .GET();
        try (var back = Sse.open(doors, request)) {
          await().atMost(TIMEOUT).until(() -> back.ids().size() == early.ids().size() - 3);
          assertThat(back.ids()).isEqualTo(upTo(4, early.ids().size()));
        }
      }
    }
  }

  @Test
  void theTranscriptToolCallsAndRunsAreRead() {
    var session = answered();
    for (var what : List.of("messages", "runs", "tool-calls")) {
      var response = doors.get("/api/v1/sessions/" + session + "/" + what);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
    var messages = ApiTestServer.json(doors.get("/api/v1/sessions/" + session + "/messages"));
    assertThat(messages.path("items").path(0).path("block").path("text").asString())
        .isEqualTo("hello");
    var run =
        ApiTestServer.json(doors.get("/api/v1/sessions/" + session + "/runs"))
            .path("items")
            .path(0);
    var path = "/api/v1/sessions/" + session + "/runs/" + run.path("id").asString();
    assertThat(ApiTestServer.json(doors.get(path))).isEqualTo(run);
  }

  @Test
  void whatASubagentSaysIsReadByItself() {
    var response =
        doors.send(posting("/api/v1/query/single", CALLS_ANOTHER, UUID.randomUUID().toString()));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var session = "/api/v1/sessions/" + ApiTestServer.json(response).path("session_id").asString();
    var facts =
        ApiTestServer.json(doors.get(session + "/events?format=json&limit=500")).path("items");
    var lane = threadOf(facts, "SubagentStarted");
    var page = ApiTestServer.json(doors.get(session + "/messages?limit=2&thread_id=" + lane));
    var rest =
        ApiTestServer.json(
            doors.get(
                session
                    + "/messages?thread_id="
                    + lane
                    + "&cursor="
                    + page.path("next").asString()));
    assertThat(Stream.concat(texts(page), texts(rest)))
        .containsExactly("I look.", "tool_use", "Seen.");
    assertThat(
            texts(
                ApiTestServer.json(doors.get(session + "/messages?thread_id=" + threadOf(facts)))))
        .contains("It has looked.")
        .doesNotContain("Seen.", "I look.");
    var calls =
        ApiTestServer.json(doors.get(session + "/tool-calls?thread_id=" + lane)).path("items");
    assertThat(calls.valueStream().map(call -> call.path("name").asString()))
        .containsExactly("Bash");
    var malformed = doors.get(session + "/messages?thread_id=lane");
    assertThat(malformed.statusCode()).as(malformed.body()).isEqualTo(400);
    assertThat(malformed.body()).contains("thread_id");
    var route = session.substring("/api/v1/".length()).replace('/', '.');
    Map<String, Object> which = Map.of("thread_id", lane, "limit", 10);
    try (var socket = new RSocketCaller(doors)) {
      assertThat(texts(socket.ask(route + ".messages", which)))
          .containsExactly("I look.", "tool_use", "Seen.");
      assertThat(socket.ask(route + ".tool-calls", which).toString()).contains("\"name\":\"Bash\"");
    }
  }

  /** Of the session itself, or of the first fact of that name. */
  private static String threadOf(JsonNode facts, String... name) {
    return facts
        .valueStream()
        .filter(event -> name.length == 0 || event.path("fact").asString().equals(name[0]))
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
  void theSameKeyIsTheSameSessionAndTheSameQuery() {
    var key = UUID.randomUUID().toString();
    var first = ApiTestServer.json(doors.send(posting("/api/v1/query", HELLO, key)));
    var second =
        ApiTestServer.json(doors.send(posting("/api/v1/query", "{ \"prompt\":\"hello\" }", key)));
    assertThat(second).isEqualTo(first);
    assertReused(posting("/api/v1/query", "{\"prompt\": \"something else\"}", key));
  }

  @Test
  void noWishIsCarriedOutTwiceUnderOneKey() {
    var session = "/api/v1/sessions/" + doors.openSession();
    var inputs = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"hello\"}]}";
    var others = "{\"inputs\": [{\"type\": \"interrupt\"}]}";
    var interrupt = session + "/interrupt";
    var key = UUID.randomUUID().toString();
    var first = doors.send(posting(interrupt, "", key));
    assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
    assertThat(once(session + "/inputs", inputs, others)).contains("query_id");
    var again = doors.send(posting(interrupt, "", key));
    assertThat(again.body()).isEqualTo(first.body()); // From before there was a query to stop.
    assertReused(posting("/api/v1/sessions/" + doors.openSession() + "/interrupt", "", key));
  }

  /** The answer to a wish that is sent twice and then, under the same key, with another body. */
  private static String once(String path, String body, String other) {
    var key = UUID.randomUUID().toString();
    var first = doors.send(posting(path, body, key));
    assertThat(first.statusCode()).as(first.body()).isLessThan(300);
    assertThat(doors.send(posting(path, body, key)).body()).isEqualTo(first.body());
    assertReused(posting(path, other, key));
    return first.body();
  }

  private static void assertReused(HttpRequest.Builder request) {
    var refused = doors.send(request);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(refused).path("code").asString())
        .isEqualTo("idempotency_key_reused");
  }

  @Test
  void queriesWaitInLineAndTheSeventeenthIsRefused() {
    var session = doors.openSession();
    var path = "/api/v1/sessions/" + session + "/query";
    var work = "{\"prompt\": \"What is in this folder? Then write NOTES.md about it.\"}";
    assertThat(ApiTestServer.json(doors.post(path, work)).path("queued").asInt()).isZero();
    var inputs = ",{\"type\": \"prompt\", \"prompt\": \"hello\"}".repeat(16).substring(1);
    var batch =
        doors.post("/api/v1/sessions/" + session + "/inputs", "{\"inputs\": [" + inputs + "]}");
    assertThat(batch.statusCode()).as(batch.body()).isEqualTo(200);
    var refused = doors.post(path, HELLO);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    assertThat(ApiTestServer.json(refused).path("code").asString()).isEqualTo("queue_full");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(doors.post("/api/v1/sessions/" + session + "/interrupt", "").statusCode())
        .isEqualTo(202);
  }

  @Test
  void aCursorThatWasTamperedWithIsRefused() {
    answered();
    answered();
    var next = ApiTestServer.json(doors.get("/api/v1/sessions?limit=1")).path("next").asString();
    assertThat(doors.get("/api/v1/sessions?limit=1&cursor=" + next).statusCode()).isEqualTo(200);
    char last = next.charAt(3) == 'A' ? 'B' : 'A';
    var tampered = next.substring(0, 3) + last + next.substring(4);
    var refused = doors.get("/api/v1/sessions?limit=1&cursor=" + tampered);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(refused).path("code").asString()).isEqualTo("bad_cursor");
  }

  @Test
  void aFolderThatLinksOutOfItselfIsRefusedAndOneThatDoesNotIsCopied(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("a.txt"), "a");
    var body = "{\"workspace\": {\"type\": \"copy\", \"path\": \"" + folder + "\"}}";
    var opened = doors.post("/api/v1/sessions", body);
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    assertThat(ApiTestServer.json(opened).path("workspace").path("files").asInt()).isEqualTo(1);
    Files.createSymbolicLink(folder.resolve("out"), Path.of("/etc/hostname"));
    var refused = doors.post("/api/v1/sessions", body);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(refused).path("code").asString())
        .isEqualTo("workspace_link_escapes");
  }

  @Test
  void thereIsNoOtherDoorThanOurs() {
    assertThat(doors.beansOf(RSocketServerBootstrap.class)).isEmpty();
    assertThat(doors.bean(RSocketServerLifecycle.class).isRunning()).isTrue();
  }

  @Test
  void theServiceSaysWhatItIsAndWhereItRuns() throws IOException {
    var status = ApiTestServer.json(doors.get("/api/v1/status"));
    assertThat(status.path("upstream").asString()).isEqualTo("rehearsal");
    assertThat(status.path("cli_version").asString()).isNotEmpty();
    assertThat(Files.readString(home.resolve("service.json")))
        .contains("\"port\":" + doors.port(), "\"rsocket_port\":" + doors.rsocketPort());
    var ready = HttpRequest.newBuilder(doors.uri("/actuator/health/readiness")).GET();
    assertThat(doors.send(ready).body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(doors.send(HttpRequest.newBuilder(doors.uri("/actuator/health")).GET()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void aProjectionIsReplayedAndIsAsBefore() {
    var session = answered();
    var before = doors.get("/api/v1/sessions/" + session + "/messages").body();
    var name =
        ApiTestServer.json(doors.get("/api/v1/projections"))
            .path("items")
            .path(0)
            .path("name")
            .asString();
    var projection = "/api/v1/projections/" + name;
    var key = UUID.randomUUID().toString();
    for (int i = 0; i < 2; i++)
      assertThat(doors.send(posting(projection + "/replay", "", key)).statusCode()).isEqualTo(202);
    assertReused(posting(projection + "/dead-letters/retry", "", key));
    assertThat(
            doors
                .send(posting(projection + "/dead-letters/retry", "", "another-" + key))
                .statusCode())
        .isEqualTo(202);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(doors.get("/api/v1/sessions/" + session + "/messages").body())
                    .isEqualTo(before));
    assertThat(ApiTestServer.json(doors.get(projection + "/dead-letters")).path("items")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "ws"})
  void aStockRSocketClientOfNpmReadsTheSameStream(String transport) throws Exception {
    var session = answered();
    var facts =
        ApiTestServer.json(
                doors.get("/api/v1/sessions/" + session + "/events?format=json&limit=500"))
            .path("items");
    var expected = facts.valueStream().map(ServiceIT::numberAndType).toList();
    int port = transport.equals("tcp") ? doors.rsocketPort() : doors.port();
    var output = Node.run(doors.key(), transport, "" + port, session.value(), "" + expected.size());
    assertThat(output).isEqualTo(expected);
  }

  private static String numberAndType(JsonNode event) {
    return event.path("sequence").asLong() + " " + event.path("type").asString();
  }

  private static JsonNode done(HttpRequest.Builder request, int status) {
    var answer = doors.send(request.timeout(TIMEOUT));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return ApiTestServer.json(answer);
  }

  private static JsonNode posted(String path, String body) {
    return done(posting(path, body, UUID.randomUUID().toString()), 200);
  }

  @Test
  void whatASessionHasIsKnownBeforeItsFirstQueryToWhoeverAsks() {
    var session = "/api/v1/sessions/" + doors.openSession();
    var before = done(doors.request(session + "/capabilities").GET(), 200);
    assertThat(before.path("known").asBoolean(true)).isFalse();
    assertThat(before.path("commands").size()).isZero();
    var known = posted(session + "/capabilities", "");
    assertThat(known.path("known").asBoolean(false)).isTrue();
    assertThat(known.path("commands").values())
        .anyMatch(command -> command.path("argument_hint").asString("").startsWith("["));
    assertThat(known.path("agents").toString()).contains("general-purpose");
    assertThat(known.path("models").toString()).contains("\"effort_levels\":[\"low\"");
    assertThat(known.path("output_style").asString()).isEqualTo("default");
    assertThat(done(doors.request(session + "/capabilities").GET(), 200)).isEqualTo(known);
    assertThat(done(doors.request(session).GET(), 200).path("runs").asInt(-1)).isZero();

    assertThat(done(doors.request(session + "/context").GET(), 404).path("code").asString())
        .isEqualTo("context_not_found");
    var measured = posted(session + "/context", "");
    assertThat(measured.path("tokens").asLong()).isPositive();
    assertThat(measured.path("tokens_max").asLong()).isGreaterThan(100_000);
    assertThat(measured.at("/breakdown/categories/0/tokens").isNumber()).isTrue();
    assertThat(done(doors.request(session + "/context").GET(), 200)).isEqualTo(measured);
  }

  @Test
  void whatIsAskedAsideIsAnsweredOnceHoweverOftenItIsSent() {
    var session = "/api/v1/sessions/" + answered();
    var requested = "{\"question\": \"```rehearsal\\n- say: I said hello.\\n```\"}";
    var first = done(posting(session + "/asides", requested, "aside-1"), 200);
    assertThat(first.path("state").asString()).isEqualTo("answered");
    assertThat(first.path("answer").asString()).isEqualTo("I said hello.");
    assertThat(first.path("words").asString()).contains("rehearsal");
    assertThat(done(posting(session + "/asides", requested, "aside-1"), 200)).isEqualTo(first);
    var listed = done(doors.request(session + "/asides").GET(), 200).path("items");
    assertThat(listed.size()).isEqualTo(1);
    var again = session + "/asides/" + first.path("id").asString();
    assertThat(done(doors.request(again).GET(), 200)).isEqualTo(first);
    assertThat(doors.get(session + "/messages").body()).doesNotContain("I said hello.");

    var about = "{\"about\": \"```rehearsal\\n- say: '{\\\"title\\\": \\\"Greetings\\\"}'\\n```\"}";
    assertThat(posted(session + "/title", about).path("title").asString()).isEqualTo("Greetings");
    var none = done(posting(session + "/title", "{\"about\": \"hello\"}", "title-2"), 502);
    assertThat(none.path("code").asString()).isEqualTo("aside_unanswered");
    assertThat(done(posting(session + "/asides", "{\"question\": \" \"}", "aside-2"), 400))
        .isNotNull();
    var fresh = "/api/v1/sessions/" + doors.openSession() + "/asides";
    assertThat(done(posting(fresh, requested, "aside-3"), 409).path("code").asString())
        .isEqualTo("nothing_said");
  }

  @Test
  void aTitleAndAQuestionAsideAreInputsLikeOthers() {
    var session = "/api/v1/sessions/" + doors.openSession();
    var prompt = "```rehearsal\\n- say: '{\\\"title\\\": \\\"Made up\\\"}'\\n```";
    posted(
        session + "/inputs",
        "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"%s\"}, {\"type\": \"make_up_title\"}]}"
            .formatted(prompt));
    await()
        .atMost(TIMEOUT)
        .until(() -> doors.get(session).body().contains("\"title\":\"Made up\""));
    posted(
        session + "/inputs",
        "{\"inputs\": [{\"type\": \"ask_aside\", \"question\": \"scenario: text\"}]}");
    await()
        .atMost(TIMEOUT)
        .until(() -> doors.get(session + "/asides").body().contains("\"kind\":\"question\""));
    await()
        .atMost(TIMEOUT)
        .until(() -> !doors.get(session + "/asides").body().contains("\"waiting\""));
    assertThat(doors.get(session + "/asides").body()).doesNotContain("\"failed\"");
  }

  @Test
  void aSessionNamesWhatItsAgentWasGivenAndNoValue() {
    var opened =
        done(
            posting(
                "/api/v1/sessions",
                """
                {"options": {
                  "effort": "low", "output_style": "Explanatory",
                  "env": {"GREETING": "a-secret-value"},
                  "agents": {"critic": {"description": "criticises", "prompt": "Criticise."}},
                  "client_tools": [{"name": "weather", "description": "tells",
                                    "input_schema": {"type": "object"}}]}}
                """,
                "outfit"),
            201);
    var outfit = opened.path("outfit");
    assertThat(outfit.path("effort").asString()).isEqualTo("low");
    assertThat(outfit.path("output_style").asString()).isEqualTo("Explanatory");
    assertThat(outfit.path("env").toString()).isEqualTo("[\"GREETING\"]");
    assertThat(outfit.path("agents").toString()).isEqualTo("[\"critic\"]");
    assertThat(outfit.path("client_tools").toString()).isEqualTo("[\"weather\"]");
    assertThat(outfit.path("tools").toString()).contains("Bash");
    assertThat(opened.toString()).doesNotContain("a-secret-value").doesNotContain("Criticise.");
  }
}
