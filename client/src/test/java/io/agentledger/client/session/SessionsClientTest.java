package io.agentledger.client.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.StreamItemJson;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ClientConfig;
import io.agentledger.client.support.ServiceUnavailableException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SessionsClientTest {
  private static final SessionId SESSION = new SessionId(FakeService.SESSION);
  private static final ActionId ACTION = new ActionId(FakeService.ACTION);
  private static final String INPUTS = "POST /api/v1/sessions/" + FakeService.SESSION + "/inputs";

  private final FakeService service = new FakeService();
  private final AgentledgerClient client = AgentledgerClient.create(service.address());

  @AfterEach
  void end() {
    client.close();
    service.close();
  }

  @Test
  void onlyGivenFieldsAreSent() {
    client.sessions().open(SessionDefinition.DEFAULT);
    assertThat(service.requests("POST /api/v1/sessions").getFirst().body()).isEqualTo("{}");
  }

  @Test
  void sessionOpensWithDirectoryAndOptions() {
    var overrides =
        new RunOverrides(
            "m", PermissionMode.PLAN, List.of("Bash(ls:*)"), null, 3, Duration.ofMinutes(2));
    client.sessions().open(new SessionDefinition("t", Map.of("a", "b"), Path.of("/w"), overrides));
    assertThat(service.requests("POST /api/v1/sessions").getFirst().body())
        .isEqualTo(
            """
            {"title":"t","metadata":{"a":"b"},"workspace":{"type":"copy","path":"/w"},\
            "options":{"model":"m","permission_mode":"plan","allowed_tools":["Bash(ls:*)"],"max_turns":3,\
            "timeout_seconds":120}}""");
  }

  @Test
  void executorAndOriginAreSentAndFiltered() {
    client.sessions().open(SessionDefinition.DEFAULT.executor(ExecutionMode.BACKGROUND));
    assertThat(service.requests("POST /api/v1/sessions").getFirst().body())
        .isEqualTo("{\"executor\":\"background\"}");
    for (var way : List.of("/fork", "/clone"))
      service.answer(
          "POST /api/v1/sessions/" + SESSION + way,
          request -> new CannedResponse(201, StreamItemJson.session("idle", 1)));
    client.sessions().fork(SESSION, null, ExecutionMode.BACKGROUND);
    client.sessions().cloneSession(SESSION, ExecutionMode.BACKGROUND);
    for (var way : List.of("/fork", "/clone"))
      assertThat(service.requests("POST /api/v1/sessions/" + SESSION + way).getFirst().body())
          .isEqualTo("{\"executor\":\"background\"}");
    service.answer("GET /api/v1/sessions", request -> new CannedResponse(200, "{\"items\":[]}"));
    var page = new PageRequest(5, null);
    assertThat(client.sessions().list(null, ExecutionMode.INTERACTIVE, "forked", page).items())
        .isEmpty();
    assertThat(service.requests("GET /api/v1/sessions").getFirst().path())
        .isEqualTo("/api/v1/sessions?limit=5&executor=interactive&origin=forked");
  }

  @Test
  void oneThreadIsReadSeparately() {
    var path = "/api/v1/sessions/" + FakeService.SESSION;
    var threadId = new ThreadId(FakeService.THREAD);
    for (var list : List.of("/messages", "/tool-calls"))
      service.answer(
          "GET " + path + list,
          request -> new CannedResponse(200, "{\"items\":[],\"next_cursor\":null}"));
    assertThat(client.sessions().messages(SESSION, threadId, new PageRequest(5, null)).items())
        .isEmpty();
    assertThat(client.sessions().toolCalls(SESSION, threadId, new PageRequest(5, null)).items())
        .isEmpty();
    assertThat(service.requests("GET " + path + "/messages").getFirst().path())
        .endsWith("?limit=5&thread_id=" + FakeService.THREAD);
    assertThat(service.requests("GET " + path + "/tool-calls").getFirst().path())
        .endsWith("?limit=5&thread_id=" + FakeService.THREAD);
  }

  @Test
  void inputsKeepTheirOrder() {
    client
        .sessions()
        .submit(
            SESSION,
            List.of(
                new SessionInput.Interrupt(),
                new SessionInput.Decide(ACTION, Decision.DENY, "d1", null, "no"),
                new SessionInput.Answer(ACTION, new Json("{\"q\":\"a\"}")),
                new SessionInput.AnswerElicitation(ACTION, Answer.ACCEPT, new Json("{\"n\":1}")),
                new SessionInput.AnswerElicitation(ACTION, Answer.DECLINE, null),
                new SessionInput.AnswerTool(ACTION, true, new Json("[1]"))));
    assertThat(service.requests(INPUTS).getFirst().body())
        .isEqualTo(
            """
            {"inputs":[{"type":"interrupt"},{"type":"decide","action_id":"act_dddddddddd",\
            "decision":"deny","input_digest":"d1","reason":"no"},{"type":"answer",\
            "action_id":"act_dddddddddd","answers":{"q":"a"}},{"type":"answer_elicitation",\
            "action_id":"act_dddddddddd","action":"accept","content":{"n":1}},\
            {"type":"answer_elicitation","action_id":"act_dddddddddd","action":"decline"},\
            {"type":"answer_tool",\
            "action_id":"act_dddddddddd","is_error":true,"output":[1]}]}""");
  }

  @Test
  void serviceErrorIsAProblemWithItsCodeAndRequestId() {
    service.answer(
        INPUTS,
        request ->
            new CannedResponse(
                409,
                """
                {"type":"/problems/queue_full","title":"Conflict","status":409,
                 "code":"queue_full","detail":"Sixteen wait."}""",
                "X-Request-ID",
                "req-7",
                "Retry-After",
                "5"));
    assertThatThrownBy(() -> client.sessions().interrupt(SESSION))
        .isInstanceOfSatisfying(
            ApiException.class,
            exception -> {
              assertThat(exception).hasMessage("Sixteen wait.");
              assertThat(exception.status()).isEqualTo(409);
              assertThat(exception.code()).isEqualTo("queue_full");
              assertThat(exception.requestId()).isEqualTo("req-7");
              assertThat(exception.retryAfter()).isEqualTo(Duration.ofSeconds(5));
            });
  }

  @Test
  void validationErrorNamesTheField() {
    service.answer(
        INPUTS,
        request ->
            new CannedResponse(
                400,
                """
                {"code":"invalid","detail":"The request is invalid.",
                 "errors":[{"pointer":"/inputs/0/prompt","detail":"must not be blank"}]}"""));
    assertThatThrownBy(() -> client.sessions().interrupt(SESSION))
        .hasMessage("The request is invalid. /inputs/0/prompt: must not be blank");
  }

  @Test
  void validationErrorNamesTheParameterOrHeader() {
    service.answer(
        INPUTS,
        request ->
            new CannedResponse(
                400,
                """
                {"code":"invalid","detail":"The request is invalid.",
                 "errors":[{"parameter":"limit","detail":"must be 1 to 500"},
                           {"header":"Idempotency-Key","detail":"must be visible"},
                           {"detail":"is too long"}]}"""));
    assertThatThrownBy(() -> client.sessions().interrupt(SESSION))
        .hasMessage(
            "The request is invalid. limit: must be 1 to 500;"
                + " Idempotency-Key: must be visible; request: is too long");
  }

  @Test
  void responseOfAnotherServerIsAProblem() {
    service.answer(INPUTS, request -> new CannedResponse(502, "<html>Bad Gateway</html>"));
    assertThatThrownBy(() -> client.sessions().interrupt(SESSION))
        .isInstanceOfSatisfying(
            ApiException.class, exception -> assertThat(exception.code()).isEqualTo("http_502"));
    service.answer(INPUTS, request -> new CannedResponse(200, "<html>hello</html>"));
    assertThatThrownBy(() -> client.sessions().interrupt(SESSION))
        .isInstanceOf(ServiceUnavailableException.class);
  }

  @Test
  void everyCommandHasItsOwnIdempotencyKey() {
    client.sessions().interrupt(SESSION);
    client.sessions().interrupt(SESSION);
    assertThat(service.requests(INPUTS))
        .extracting(request -> request.headers().get("idempotency-key"))
        .doesNotContainNull()
        .doesNotHaveDuplicates();
  }

  @Test
  void retriedCommandKeepsItsIdempotencyKey() {
    service.breakNext(2);
    client.sessions().interrupt(SESSION);
    assertThat(service.requests(INPUTS)).hasSize(3);
    assertThat(service.requests(INPUTS))
        .extracting(request -> request.headers().get("idempotency-key"))
        .containsOnly(service.requests(INPUTS).getFirst().headers().get("idempotency-key"));
  }

  @Test
  void restartedServiceIsFoundOnAnotherPort() {
    var address = new AtomicReference<>(service.address());
    try (var restarted = new FakeService();
        var following = AgentledgerClient.create(address::get)) {
      following.sessions().interrupt(SESSION);
      service.close();
      address.set(restarted.address());
      following.sessions().interrupt(SESSION);
      assertThat(restarted.requests(INPUTS)).hasSize(1);
    }
  }

  @Test
  void unreachableServiceIsReportedPlainly() {
    service.close();
    assertThatThrownBy(() -> client.sessions().find(SESSION))
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessageContaining("127.0.0.1:" + service.port());
  }

  @Test
  void wrongKeyIsRejected() {
    try (var outsider =
        AgentledgerClient.create(new ClientConfig(service.address().baseUrl(), "wrong"))) {
      assertThatThrownBy(outsider::status)
          .isInstanceOfSatisfying(
              ApiException.class, exception -> assertThat(exception.status()).isEqualTo(401));
    }
  }

  @Test
  void addressMustBeHttp() {
    assertThatThrownBy(() -> new ClientConfig(URI.create("file:///etc"), "k"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
