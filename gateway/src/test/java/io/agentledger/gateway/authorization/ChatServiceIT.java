package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Role;
import io.agentledger.gateway.ApiTestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chat of a user with Brain over REST, with all modules; each test has a user of its own. */
class ChatServiceIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final String CHAT = "/api/v1/chat";

  private static AuthorizationFixture fixture;

  private String bearer;

  @BeforeAll
  static void create() {
    fixture = new AuthorizationFixture(server);
  }

  @BeforeEach
  void join() {
    bearer = fixture.join(fixture.operator.tenant(), Role.MEMBER).bearer();
  }

  private HttpResponse<String> post(String path, Map<String, ?> body, String... headers) {
    var request =
        server
            .requestAs(bearer, path)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json");
    if (headers.length > 0) request.headers(headers);
    return server.send(
        request.POST(BodyPublishers.ofString(JsonMapper.shared().writeValueAsString(body))));
  }

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private String send(Map<String, ?> body, String... headers) {
    return assertStatus(post(CHAT, body, headers), 202).path("session_id").asString();
  }

  private JsonNode find() {
    return assertStatus(server.send(server.requestAs(bearer, CHAT).GET()), 200).path("session");
  }

  private String lifecycle(String session) {
    var response = server.send(server.requestAs(bearer, "/api/v1/sessions/" + session).GET());
    return assertStatus(response, 200).path("lifecycle").asString();
  }

  @Test
  void messagesGoToOneSessionOfBrainUntilTheChatIsEnded() {
    assertThat(find().isNull()).isTrue();
    var answer = assertStatus(post(CHAT + "/single", Map.of("message", "scenario: text")), 200);
    var session = answer.path("session_id").asString();
    assertThat(answer.path("status").asString()).isEqualTo("completed");
    assertThat(find().path("id").asString()).isEqualTo(session);
    assertThat(find().at("/agent/name").asString()).isEqualTo("brain");
    var alias = assertStatus(post("/api/chat", Map.of("message", "scenario: text")), 202);
    assertThat(alias.path("session_id").asString()).isEqualTo(session);

    var ended = server.send(server.requestAs(bearer, CHAT).DELETE());
    assertThat(ended.statusCode()).isEqualTo(204);
    assertThat(lifecycle(session)).isEqualTo("closed");
    assertThat(find().isNull()).isTrue();
    var next = send(Map.of("message", "scenario: text"));
    assertThat(next).isNotEqualTo(session);
    assertThat(find().path("id").asString()).isEqualTo(next);
  }

  @Test
  void competingFirstMessagesHaveOneSession() {
    var messages =
        IntStream.range(0, 4)
            .mapToObj(
                n -> CompletableFuture.supplyAsync(() -> send(Map.of("message", "scenario: text"))))
            .toList();
    var sessions = messages.stream().map(CompletableFuture::join).distinct().toList();
    assertThat(sessions).containsExactly(find().path("id").asString());
    var all = server.send(server.requestAs(bearer, "/api/v1/sessions").GET());
    assertThat(assertStatus(all, 200).path("items")).hasSize(1);
  }

  @Test
  void newConversationClosesTheOneBeforeAndIsRepeatedWithoutEffect() {
    var first = send(Map.of("message", "scenario: text"));
    var anew = Map.of("message", "scenario: text", "new_conversation", true);
    var second = send(anew, "Idempotency-Key", "anew");
    assertThat(second).isNotEqualTo(first);
    assertThat(lifecycle(first)).isEqualTo("closed");
    assertThat(send(anew, "Idempotency-Key", "anew")).isEqualTo(second);
    assertThat(find().path("id").asString()).isEqualTo(second);

    var query = post(CHAT, Map.of("message", "scenario: text"), "Idempotency-Key", "once").body();
    var third = send(Map.of("message", "scenario: text", "new_conversation", true));
    assertThat(post(CHAT, Map.of("message", "scenario: text"), "Idempotency-Key", "once").body())
        .isEqualTo(query);
    assertThat(find().path("id").asString()).isEqualTo(third);
  }

  @Test
  void messageBehindARunThatWaitsReturnsWhatThatRunWaitsFor() {
    var message =
        """
        Start a session.
        ```rehearsal
        - calls:
            - {tool: mcp__agentledger__open_session, input: {prompt: "scenario: text"}}
        - say: "Done."
        ```""";
    var first = assertStatus(post(CHAT + "/single", Map.of("message", message)), 202);
    var action = first.at("/pending_actions/0");
    assertThat(action.path("tool").asString()).isEqualTo("mcp__agentledger__open_session");
    var second = assertStatus(post(CHAT + "/single", Map.of("message", "scenario: text")), 202);
    assertThat(second.path("pending_actions")).containsExactly(action);
    assertThat(second.path("run_id")).isNotEqualTo(first.path("run_id"));
    assertThat(server.send(server.requestAs(bearer, CHAT).DELETE()).statusCode()).isEqualTo(204);
  }

  @Test
  void messagesThatCompeteWithNewConversationsAreAllAccepted() {
    send(Map.of("message", "scenario: text"));
    var messages =
        IntStream.range(0, 9)
            .mapToObj(
                n ->
                    CompletableFuture.supplyAsync(
                        () ->
                            send(
                                Map.of(
                                    "message", "scenario: text", "new_conversation", n % 3 == 0))))
            .toList();
    assertThat(messages.stream().map(CompletableFuture::join))
        .contains(find().path("id").asString());
  }

  @Test
  void answerIsStreamedLikeThatOfAQuery() {
    var body = JsonMapper.shared().writeValueAsString(Map.of("message", "scenario: text"));
    var stream =
        server.send(
            server
                .requestAs(bearer, CHAT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(stream.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(stream.headers().firstValue("X-Session-Id")).hasValue(find().path("id").asString());
    assertThat(stream.body()).contains("event: result", "event: done");
  }

  @Test
  void messageMustNotBeBlankAndMayNotComeFromAViewer() {
    var error = assertStatus(post(CHAT, Map.of("message", " ")), 400).at("/errors/0");
    assertThat(error.path("pointer").asString()).isEqualTo("/message");
    assertThat(find().isNull()).isTrue();
    bearer = fixture.join(fixture.operator.tenant(), Role.VIEWER).bearer();
    var refused = assertStatus(post(CHAT, Map.of("message", "hello")), 403);
    assertThat(refused.path("detail").asString()).contains("lacks the scope sessions:write.");
  }
}
