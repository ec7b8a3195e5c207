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

/** Who carries out a session's work, on every door, with all sides behind them. */
class ExecutorServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String SESSIONS = "/api/v1/sessions";
  private static final MimeType AUTHENTICATION =
      MimeType.valueOf("message/x.rsocket.authentication.v0");
  private static final ApiTestServer doors = ApiTestServer.sharedHouse();

  private static JsonNode done(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return ApiTestServer.json(answer);
  }

  private static JsonNode opened(String body) {
    return done(doors.post(SESSIONS, body), 201);
  }

  private static void goesBy(JsonNode session, String executor, String mode) {
    assertThat(session.path("executor").asString()).isEqualTo(executor);
    assertThat(session.at("/options/permission_mode").asString()).isEqualTo(mode);
  }

  private static String path(JsonNode session) {
    return SESSIONS + "/" + session.path("id").asString();
  }

  private static List<String> found(String narrowed) {
    var page = done(doors.get(SESSIONS + "?limit=100&" + narrowed), 200);
    return page.path("items").values().stream().map(ExecutorServiceIT::path).toList();
  }

  @Test
  void inTheBackgroundAQuestionIsNotWaitedFor() {
    var session = opened("{\"executor\": \"background\"}");
    goesBy(session, "background", "dontAsk");
    done(doors.post(path(session) + "/resume", "{\"prompt\": \"scenario: question\"}"), 202);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(doors.get(path(session) + "/runs").body())
                    .contains("I got no answer", "nobody is asked"));
    assertThat(doors.get(path(session) + "/events?format=json&after=0").body())
        .doesNotContain("QuestionAsked", "\"waiting\"");
  }

  @Test
  void whoOpensAsksBranchesOffOrClonesSaysWhich() {
    goesBy(opened("{}"), "interactive", "default");
    goesBy(opened("{\"options\": {\"permission_mode\": \"dontAsk\"}}"), "background", "dontAsk");
    goesBy(
        opened("{\"executor\": \"interactive\", \"options\": {\"permission_mode\": \"plan\"}}"),
        "interactive",
        "plan");
    var query =
        """
        {"executor": "background", "prompt": "```rehearsal\\n- calls: \
        [{tool: Write, input: {file_path: a.txt, content: a}}]\\n- say: Done.\\n```"}""";
    var single = done(doors.post("/api/v1/query/single", query), 200);
    var first = done(doors.get(SESSIONS + "/" + single.path("session_id").asString()), 200);
    goesBy(first, "background", "dontAsk");
    await()
        .atMost(TIMEOUT)
        .until(() -> doors.get(path(first) + "/checkpoints").body().contains("\"after\""));

    goesBy(done(doors.post(path(first) + "/fork", "{}"), 201), "background", "dontAsk");
    var loud = "{\"executor\": \"interactive\"}";
    var fork = done(doors.post(path(first) + "/fork", loud), 201);
    goesBy(fork, "forked", "default");
    goesBy(done(doors.post(path(first) + "/clone", loud), 201), "interactive", "default");
    done(doors.post(path(first) + "/control", "{\"permission_mode\": \"acceptEdits\"}"), 200);
    var quiet = "{\"executor\": \"background\"}";
    goesBy(done(doors.post(path(first) + "/clone", loud), 201), "interactive", "acceptEdits");
    goesBy(done(doors.post(path(first) + "/clone", quiet), 201), "background", "dontAsk");
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              assertThat(found("executor=forked")).contains(path(fork));
              assertThat(found("executor=interactive"))
                  .contains(path(first))
                  .doesNotContain(path(fork));
              assertThat(found("executor=background")).doesNotContain(path(first), path(fork));
            });
    assertThat(
            done(doors.get(SESSIONS + "?executor=celery"), 400)
                .at("/errors/0/parameter")
                .asString())
        .isEqualTo("executor");
  }

  @Test
  void aTemplateSaysItAndTheClientMaySayOtherwise() {
    var made =
        done(
            doors.post(
                "/api/v1/templates",
                "{\"name\": \"night\", \"session\": {\"executor\": \"background\"}}"),
            201);
    var from = "\"template\": \"" + made.path("id").asString() + "\"";
    goesBy(opened("{" + from + "}"), "background", "dontAsk");
    goesBy(opened("{" + from + ", \"executor\": \"interactive\"}"), "interactive", "default");
    var refused =
        doors.post(SESSIONS, "{" + from + ", \"options\": {\"permission_mode\": \"plan\"}}");
    assertThat(done(refused, 400).at("/errors/0/pointer").asString())
        .isEqualTo("/options/permission_mode");
    var wrong =
        "{\"name\": \"night\", \"session\": {\"executor\": \"background\","
            + " \"options\": {\"permission_mode\": \"plan\"}}}";
    assertThat(done(doors.post("/api/v1/templates", wrong), 400).at("/errors/0/pointer").asString())
        .isEqualTo("/session/options/permission_mode");
  }

  @Test
  void itIsSaidAndFoundOverRSocketToo() {
    var socket =
        RSocketRequester.builder()
            .rsocketStrategies(
                all ->
                    all.encoder(new BearerTokenAuthenticationEncoder(), new JacksonJsonEncoder()))
            .dataMimeType(MimeTypeUtils.APPLICATION_JSON)
            .tcp("127.0.0.1", doors.rsocketPort());
    try {
      var session = said(socket, "sessions.open", Map.of("executor", "background"));
      goesBy(session, "background", "dontAsk");
      var id = session.path("id").asString();
      await()
          .atMost(TIMEOUT)
          .untilAsserted(
              () -> {
                assertThat(listed(socket, "background")).contains(id);
                assertThat(listed(socket, "forked")).doesNotContain(id);
              });
    } finally {
      socket.dispose();
    }
  }

  private static String listed(RSocketRequester socket, String executor) {
    return said(socket, "sessions.list", Map.of("executor", executor, "limit", 100)).toString();
  }

  private static JsonNode said(RSocketRequester socket, String route, Map<String, Object> data) {
    var answer =
        socket
            .route(route)
            .metadata(new BearerTokenMetadata(doors.key()), AUTHENTICATION)
            .data(data)
            .retrieveMono(String.class)
            .block(TIMEOUT);
    return new JsonMapper().readTree(answer);
  }
}
