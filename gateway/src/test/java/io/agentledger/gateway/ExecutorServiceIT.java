package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.codec.json.JacksonJsonEncoder;
import org.springframework.messaging.rsocket.RSocketRequester;
import org.springframework.security.rsocket.metadata.BearerTokenAuthenticationEncoder;
import org.springframework.security.rsocket.metadata.BearerTokenMetadata;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The executor of a session, over every protocol, with all modules. */
class ExecutorServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String SESSIONS = "/api/v1/sessions";
  private static final MimeType AUTHENTICATION =
      MimeType.valueOf("message/x.rsocket.authentication.v0");
  private static final ApiTestServer server = ApiTestServer.sharedService();

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static JsonNode openSession(String body) {
    return assertStatus(server.post(SESSIONS, body), 201);
  }

  private static void assertExecutorAndMode(JsonNode session, String executor, String mode) {
    assertThat(session.path("executor").asString()).isEqualTo(executor);
    assertThat(session.at("/options/permission_mode").asString()).isEqualTo(mode);
  }

  private static String path(JsonNode session) {
    return SESSIONS + "/" + session.path("id").asString();
  }

  private static List<String> listSessions(String narrowed) {
    var page = assertStatus(server.get(SESSIONS + "?limit=100&" + narrowed), 200);
    return page.path("items").values().stream().map(ExecutorServiceIT::path).toList();
  }

  @Test
  void backgroundSessionDoesNotWaitForAnswers() {
    var session = openSession("{\"executor\": \"background\"}");
    assertExecutorAndMode(session, "background", "dontAsk");
    assertStatus(
        server.post(path(session) + "/resume", "{\"prompt\": \"scenario: question\"}"), 202);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(server.get(path(session) + "/runs").body())
                    .contains("I got no answer", "denied: nobody to ask"));
    assertThat(server.get(path(session) + "/events?format=json&after=0").body())
        .doesNotContain("QuestionAsked", "\"waiting\"");
  }

  @Test
  void openingQueryForkAndCloneSetTheExecutor() {
    assertExecutorAndMode(openSession("{}"), "interactive", "default");
    assertExecutorAndMode(
        openSession("{\"options\": {\"permission_mode\": \"dontAsk\"}}"), "background", "dontAsk");
    assertExecutorAndMode(
        openSession(
            "{\"executor\": \"interactive\", \"options\": {\"permission_mode\": \"plan\"}}"),
        "interactive",
        "plan");
    var query =
        """
        {"executor": "background", "prompt": "```rehearsal\\n- calls: \
        [{tool: Write, input: {file_path: a.txt, content: a}}]\\n- say: Done.\\n```"}""";
    var single = assertStatus(server.post("/api/v1/query/single", query), 200);
    var first =
        assertStatus(server.get(SESSIONS + "/" + single.path("session_id").asString()), 200);
    assertExecutorAndMode(first, "background", "dontAsk");
    await()
        .atMost(TIMEOUT)
        .until(() -> server.get(path(first) + "/checkpoints").body().contains("\"after\""));

    assertExecutorAndMode(
        assertStatus(server.post(path(first) + "/fork", "{}"), 201), "background", "dontAsk");
    var loud = "{\"executor\": \"interactive\"}";
    var fork = assertStatus(server.post(path(first) + "/fork", loud), 201);
    assertExecutorAndMode(fork, "interactive", "default");
    assertThat(fork.at("/origin/type").asString()).isEqualTo("forked");
    assertExecutorAndMode(
        assertStatus(server.post(path(first) + "/clone", loud), 201), "interactive", "default");
    assertStatus(
        server.post(path(first) + "/control", "{\"permission_mode\": \"acceptEdits\"}"), 200);
    var quiet = "{\"executor\": \"background\"}";
    assertExecutorAndMode(
        assertStatus(server.post(path(first) + "/clone", loud), 201), "interactive", "acceptEdits");
    assertExecutorAndMode(
        assertStatus(server.post(path(first) + "/clone", quiet), 201), "background", "dontAsk");
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(listSessions("executor=interactive")).contains(path(first), path(fork));
              assertThat(listSessions("executor=background"))
                  .doesNotContain(path(first), path(fork));
              assertThat(listSessions("origin=forked"))
                  .contains(path(fork))
                  .doesNotContain(path(first));
            });
    assertThat(
            assertStatus(server.get(SESSIONS + "?origin=branched"), 400)
                .at("/errors/0/parameter")
                .asString())
        .isEqualTo("origin");
    for (var unknown : List.of("celery", "forked"))
      assertThat(
              assertStatus(server.get(SESSIONS + "?executor=" + unknown), 400)
                  .at("/errors/0/parameter")
                  .asString())
          .as(unknown)
          .isEqualTo("executor");
  }

  @Test
  void templateSetsTheExecutorAndTheClientOverridesIt() {
    var created =
        assertStatus(
            server.post(
                "/api/v1/templates",
                "{\"name\": \"night\", \"session\": {\"executor\": \"background\"}}"),
            201);
    var from = "\"template_id\": \"" + created.path("id").asString() + "\"";
    assertExecutorAndMode(openSession("{" + from + "}"), "background", "dontAsk");
    assertExecutorAndMode(
        openSession("{" + from + ", \"executor\": \"interactive\"}"), "interactive", "default");
    var refused =
        server.post(SESSIONS, "{" + from + ", \"options\": {\"permission_mode\": \"plan\"}}");
    assertThat(assertStatus(refused, 400).at("/errors/0/pointer").asString())
        .isEqualTo("/options/permission_mode");
    var wrong =
        "{\"name\": \"night\", \"session\": {\"executor\": \"background\","
            + " \"options\": {\"permission_mode\": \"plan\"}}}";
    assertThat(
            assertStatus(server.post("/api/v1/templates", wrong), 400)
                .at("/errors/0/pointer")
                .asString())
        .isEqualTo("/session/options/permission_mode");
  }

  @Test
  void executorIsSetAndFilteredOverRSocket() {
    var socket =
        RSocketRequester.builder()
            .rsocketStrategies(
                all ->
                    all.encoder(new BearerTokenAuthenticationEncoder(), new JacksonJsonEncoder()))
            .dataMimeType(MimeTypeUtils.APPLICATION_JSON)
            .tcp("127.0.0.1", server.rsocketPort());
    try {
      var session = requestOverRSocket(socket, "sessions.open", Map.of("executor", "background"));
      assertExecutorAndMode(session, "background", "dontAsk");
      var id = session.path("id").asString();
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                assertThat(listOverRSocket(socket, "executor", "background")).contains(id);
                assertThat(listOverRSocket(socket, "executor", "interactive")).doesNotContain(id);
                assertThat(listOverRSocket(socket, "origin", "fresh")).contains(id);
                assertThat(listOverRSocket(socket, "origin", "forked")).doesNotContain(id);
              });
    } finally {
      socket.dispose();
    }
  }

  private static String listOverRSocket(RSocketRequester socket, String filter, String value) {
    return requestOverRSocket(socket, "sessions.list", Map.of(filter, value, "limit", 100))
        .toString();
  }

  private static JsonNode requestOverRSocket(
      RSocketRequester socket, String route, Map<String, Object> data) {
    var answer =
        socket
            .route(route)
            .metadata(new BearerTokenMetadata(server.key()), AUTHENTICATION)
            .data(data)
            .retrieveMono(String.class)
            .block(TIMEOUT);
    return new JsonMapper().readTree(answer);
  }
}
