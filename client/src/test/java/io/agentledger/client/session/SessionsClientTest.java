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
import io.agentledger.client.Items;
import io.agentledger.client.StandIn;
import io.agentledger.client.StandIn.Said;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ClientConfig;
import io.agentledger.client.support.ServiceUnavailableException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionsClientTest {
  private static final SessionId SESSION = new SessionId(StandIn.SESSION);
  private static final ActionId ACTION = new ActionId(StandIn.ACTION);
  private static final String INPUTS = "POST /api/v1/sessions/" + StandIn.SESSION + "/inputs";

  private final StandIn service = new StandIn();
  private final AgentledgerClient client = AgentledgerClient.at(service.address());

  @AfterEach
  void end() {
    client.close();
    service.close();
  }

  @Test
  void onlyWhatIsWishedForIsSaid() {
    client.sessions().open(SessionDefinition.PLAIN);
    assertThat(service.requests("POST /api/v1/sessions").getFirst().body()).isEqualTo("{}");
  }

  @Test
  void aSessionIsOpenedWithFolderAndWishes() {
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
  void whoCarriesOutItsWorkIsSaidAndAskedFor() {
    client.sessions().open(SessionDefinition.PLAIN.executor(ExecutionMode.BACKGROUND));
    assertThat(service.requests("POST /api/v1/sessions").getFirst().body())
        .isEqualTo("{\"executor\":\"background\"}");
    for (var way : List.of("/fork", "/clone"))
      service.answer(
          "POST /api/v1/sessions/" + SESSION + way,
          request -> new Said(201, Items.session("idle", 1)));
    client.sessions().fork(SESSION, null, ExecutionMode.BACKGROUND);
    client.sessions().cloneSession(SESSION, ExecutionMode.BACKGROUND);
    for (var way : List.of("/fork", "/clone"))
      assertThat(service.requests("POST /api/v1/sessions/" + SESSION + way).getFirst().body())
          .isEqualTo("{\"executor\":\"background\"}");
    service.answer("GET /api/v1/sessions", request -> new Said(200, "{\"items\":[]}"));
    var page = new PageRequest(5, null);
    assertThat(client.sessions().list(null, ExecutionMode.FORKED, page).items()).isEmpty();
    assertThat(service.requests("GET /api/v1/sessions").getFirst().path())
        .isEqualTo("/api/v1/sessions?limit=5&executor=forked");
  }

  @Test
  void oneLaneIsReadByItself() {
    var path = "/api/v1/sessions/" + StandIn.SESSION;
    var threadId = new ThreadId(StandIn.THREAD);
    for (var list : List.of("/messages", "/tool-calls"))
      service.answer(
          "GET " + path + list, request -> new Said(200, "{\"items\":[],\"next\":null}"));
    assertThat(client.sessions().messages(SESSION, threadId, new PageRequest(5, null)).items())
        .isEmpty();
    assertThat(client.sessions().toolCalls(SESSION, threadId, new PageRequest(5, null)).items())
        .isEmpty();
    assertThat(service.requests("GET " + path + "/messages").getFirst().path())
        .endsWith("?limit=5&thread_id=" + StandIn.THREAD);
    assertThat(service.requests("GET " + path + "/tool-calls").getFirst().path())
        .endsWith("?limit=5&thread_id=" + StandIn.THREAD);
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
  void aNoOfTheServiceIsAProblemWithItsCodeAndRequest() {
    service.answer(
        INPUTS,
        request ->
            new Said(
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
            no -> {
              assertThat(no).hasMessage("Sixteen wait.");
              assertThat(no.status()).isEqualTo(409);
              assertThat(no.code()).isEqualTo("queue_full");
              assertThat(no.requestId()).isEqualTo("req-7");
              assertThat(no.retryAfter()).isEqualTo(Duration.ofSeconds(5));
            });
  }

  @Test
  void whatIsInvalidNamesTheField() {
    service.answer(
        INPUTS,
        request ->
            new Said(
                400,
                """
                {"code":"invalid","detail":"The request is invalid.",
                 "errors":[{"pointer":"/inputs/0/prompt","detail":"must not be blank"}]}"""));
    assertThatThrownBy(() -> client.sessions().interrupt(SESSION))
        .hasMessage("The request is invalid. /inputs/0/prompt: must not be blank");
  }

  @Test
  void anAnswerOfSomebodyElseIsAProblemToo() {
    service.answer(INPUTS, request -> new Said(502, "<html>Bad Gateway</html>"));
    assertThatThrownBy(() -> client.sessions().interrupt(SESSION))
        .isInstanceOfSatisfying(
            ApiException.class, no -> assertThat(no.code()).isEqualTo("http_502"));
    service.answer(INPUTS, request -> new Said(200, "<html>hello</html>"));
    assertThatThrownBy(() -> client.sessions().interrupt(SESSION))
        .isInstanceOf(ServiceUnavailableException.class);
  }

  @Test
  void everyWishHasAnIdempotencyKeyOfItsOwn() {
    client.sessions().interrupt(SESSION);
    client.sessions().interrupt(SESSION);
    assertThat(service.requests(INPUTS))
        .extracting(request -> request.headers().get("idempotency-key"))
        .doesNotContainNull()
        .doesNotHaveDuplicates();
  }

  @Test
  void aWishThatIsSentAgainKeepsItsKey() {
    service.breakNext(2);
    client.sessions().interrupt(SESSION);
    assertThat(service.requests(INPUTS)).hasSize(3);
    assertThat(service.requests(INPUTS))
        .extracting(request -> request.headers().get("idempotency-key"))
        .containsOnly(service.requests(INPUTS).getFirst().headers().get("idempotency-key"));
  }

  @Test
  void nobodyAtTheAddressIsSaidPlainly() {
    service.close();
    assertThatThrownBy(() -> client.sessions().find(SESSION))
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessageContaining("127.0.0.1:" + service.port());
  }

  @Test
  void aWrongKeyIsRefused() {
    try (var stranger = AgentledgerClient.at(new ClientConfig(service.address().base(), "wrong"))) {
      assertThatThrownBy(stranger::status)
          .isInstanceOfSatisfying(ApiException.class, no -> assertThat(no.status()).isEqualTo(401));
    }
  }

  @Test
  void anAddressMustBeOfTheWeb() {
    assertThatThrownBy(() -> new ClientConfig(URI.create("file:///etc"), "k"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
