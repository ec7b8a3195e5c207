package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.authorization.AuthorizationFixture.TestUser;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rights and budgets of agents that use the platform, and of those who share a session. */
class PlatformRightsIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final JsonMapper JSON = new JsonMapper();
  private static final String LIST =
      """
      ```rehearsal
      - calls:
          - {tool: mcp__agentledger__list_sessions, input: {limit: 1}}
      - say: "{{last}}"
      ```""";
  private static final String CREATE =
      """
      ```rehearsal
      - calls:
          - {tool: mcp__agentledger__create_task, input: {name: Saved, prompt: "scenario: text"}}
      - say: "{{last}}"
      ```""";

  private static AuthorizationFixture fixture;
  private static TestUser owner;

  @BeforeAll
  static void create() {
    fixture = new AuthorizationFixture(server);
    owner = fixture.join(fixture.operator.tenant(), Role.MEMBER);
  }

  private static JsonNode send(
      String bearer, String method, String path, Map<String, ?> body, int status) {
    var request =
        server
            .requestAs(bearer, "/api/v1" + path)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
    var response = server.send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return response.body().isEmpty() ? JSON.nullNode() : ApiTestServer.json(response);
  }

  private static JsonNode get(String bearer, String path) {
    return send(bearer, "GET", path, Map.of(), 200);
  }

  private static JsonNode awaitStatus(String path, String status) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(get(owner.bearer(), path).path("status").asString())
                    .as(get(owner.bearer(), path).toString())
                    .isEqualTo(status));
    return get(owner.bearer(), path);
  }

  private static String agentToken() {
    var agent = send(owner.bearer(), "POST", "/agents", Map.of("name", fixture.email()), 201);
    var path = "/agents/" + agent.path("id").asString() + "/tokens";
    return send(owner.bearer(), "POST", path, Map.of("name", "by agent"), 201)
        .path("secret")
        .asString();
  }

  /** Returns the path of a run of a query in a session of the owner, whose rules allow reading. */
  private static String query(String session, String bearer, String prompt) {
    var query =
        send(bearer, "POST", "/sessions/" + session + "/query", Map.of("prompt", prompt), 202);
    return "/sessions/" + session + "/runs/" + query.path("run_id").asString();
  }

  private static String openWithPlatform() {
    var options =
        Map.of(
            "mcp_servers", List.of("mcp_thegateway"),
            "allowed_tools", List.of("@default", "mcp__agentledger"));
    return send(owner.bearer(), "POST", "/sessions", Map.of("options", options), 201)
        .path("id")
        .asString();
  }

  @Test
  void rulesOfASessionLetNoAgentReadForAnotherUser() {
    var session = openWithPlatform();
    var colleague = fixture.join(fixture.operator.tenant(), Role.MEMBER);
    send(
        owner.bearer(),
        "PUT",
        "/sessions/" + session + "/shares/" + colleague.user(),
        Map.of("access", "write"),
        204);
    awaitStatus(query(session, owner.bearer(), LIST), "completed");
    var run = query(session, colleague.bearer(), LIST);
    var path = "/sessions/" + session;
    await()
        .atMost(TIMEOUT)
        .until(() -> get(owner.bearer(), path).path("pending_actions").size() == 1);
    var action = get(owner.bearer(), path).at("/pending_actions/0");
    assertThat(action.path("tool").asString()).isEqualTo("mcp__agentledger__list_sessions");
    var decision =
        Map.of(
            "inputs",
            List.of(
                Map.of(
                    "type",
                    "decide",
                    "action_id",
                    action.path("action_id").asString(),
                    "decision",
                    "allow")));
    var inputs = "/sessions/" + session + "/inputs";
    var refused = send(owner.bearer(), "POST", inputs, decision, 403);
    assertThat(refused.path("code").asString()).isEqualTo("approval_forbidden");
    var stranger = fixture.join(fixture.operator.tenant(), Role.MEMBER);
    send(stranger.bearer(), "POST", inputs, decision, 404);
    send(colleague.bearer(), "POST", inputs, decision, 200);
    awaitStatus(run, "completed");
  }

  @Test
  void callThatCannotSucceedIsDeniedAtOnce() {
    var run = awaitStatus(query(openWithPlatform(), agentToken(), CREATE), "completed");
    assertThat(run.path("result").asString()).contains("whose query a user sent");
  }

  @Test
  void agentDoesNotEndTheConversationOfItsUser() {
    var first = Map.of("message", "scenario: text");
    var session = send(owner.bearer(), "POST", "/chat", first, 202).path("session_id").asString();
    var agent = agentToken();
    var anew = Map.of("message", "scenario: text", "new_conversation", true);
    send(agent, "POST", "/chat", anew, 403);
    send(agent, "DELETE", "/chat", Map.of(), 403);
    var chat = get(owner.bearer(), "/chat").at("/session/id").asString();
    assertThat(chat).isEqualTo(session);
  }

  private static Map<String, Object> widget(String name) {
    return Map.of(
        "name",
        name,
        "platform",
        "widget",
        "settings",
        Map.of("allowed_origins", "https://shop.example"));
  }

  @Test
  void agentChangesNoChannel() {
    var channel = send(owner.bearer(), "POST", "/channels", widget("desk"), 201);
    var path = "/channels/" + channel.path("id").asString();
    var agent = agentToken();
    for (var target : List.of(path, "/channels/chn_2222222222")) {
      assertThat(send(agent, "POST", target + "/pause", Map.of(), 403).path("code").asString())
          .isEqualTo("forbidden");
      send(agent, "POST", target + "/resume", Map.of(), 403);
      send(agent, "DELETE", target, Map.of(), 403);
    }
    send(agent, "POST", "/channels", widget("by agent"), 403);
    assertThat(get(owner.bearer(), path)).isEqualTo(channel);
    assertThat(get(owner.bearer(), "/channels").path("items")).hasSize(1);
    send(owner.bearer(), "POST", path + "/pause", Map.of(), 200);
    send(agent, "POST", path + "/resume", Map.of(), 403);
    assertThat(get(owner.bearer(), path).path("paused").asBoolean()).isTrue();
  }

  @Test
  void agentChangesNeitherTriggersNorTemplates() {
    var agent = agentToken();
    var template = Map.of("name", "by agent", "prompt", "scenario: text");
    send(agent, "POST", "/templates", template, 403);
    assertThat(get(owner.bearer(), "/templates").path("items").toString())
        .doesNotContain("by agent");
    var id = send(owner.bearer(), "POST", "/templates", template, 201).path("id").asString();
    send(agent, "DELETE", "/templates/" + id, Map.of(), 403);
    send(agent, "DELETE", "/triggers/trg_2222222222", Map.of(), 403);
    assertThat(get(owner.bearer(), "/templates/" + id).path("archived").asBoolean()).isFalse();
  }

  /** Runs a task that waits for an answer. */
  private static JsonNode startExecution(Map<String, ?> session) {
    var body = Map.of("name", "parent", "prompt", "scenario: question", "session", session);
    var task = send(owner.bearer(), "POST", "/tasks", body, 201).path("id").asString();
    var execution = send(owner.bearer(), "POST", "/tasks/" + task + "/run", Map.of(), 202);
    return awaitStatus("/executions/" + execution.path("id").asString(), "waiting");
  }

  /** Calls a tool as the agent of an execution. */
  private static JsonNode callAs(JsonNode execution, String tool, Map<String, ?> arguments) {
    var initiator =
        new Provenance(
            owner.tenant(), Actor.ofUser(owner.user()), Provenance.SYSTEM, "req_2222222222");
    var client =
        new PlatformServer.Client(
            AgentId.next(), new SessionId(execution.path("session_id").asString()));
    var request =
        Map.of(
            "jsonrpc",
            "2.0",
            "id",
            1,
            "method",
            "tools/call",
            "params",
            Map.of("name", tool, "arguments", arguments));
    var response =
        server
            .bean(PlatformServer.class)
            .answer(client, initiator, JSON.writeValueAsString(request))
            .toCompletableFuture()
            .join();
    return JSON.readTree(JSON.readTree(response).at("/result/content/0/text").asString());
  }

  private static void cancel(JsonNode... executions) {
    for (var execution : executions) {
      var path = "/executions/" + execution.path("id").asString() + "/cancel";
      send(owner.bearer(), "POST", path, Map.of(), 200);
    }
  }

  @Test
  void sameKeyOfAgentsOfTwoSessionsStartsTwoExecutions() {
    var first = startExecution(Map.of());
    var second = startExecution(Map.of());
    var task = Map.of("name", "child", "prompt", "scenario: text");
    var id = send(owner.bearer(), "POST", "/tasks", task, 201).path("id").asString();
    var arguments = Map.of("task_id", id, "idempotency_key", "1");
    var child = callAs(first, "run_task", arguments);
    assertThat(child.path("parent_execution_id")).isEqualTo(first.path("id"));
    assertThat(callAs(first, "run_task", arguments).path("id")).isEqualTo(child.path("id"));
    assertThat(callAs(second, "run_task", arguments).path("parent_execution_id"))
        .isEqualTo(second.path("id"));
    cancel(first, second);
  }

  @Test
  void sessionThatAnAgentOpensHasAtMostWhatRemainsOfTheBudget() {
    var limited = startExecution(Map.of("budget_usd", "0.25"));
    var unlimited = startExecution(Map.of());
    for (var requested : List.of("", "5", "0.1")) {
      var arguments =
          requested.isEmpty()
              ? Map.of("prompt", "scenario: text")
              : Map.of("prompt", "scenario: text", "budget_usd", requested);
      assertThat(budgetOf(callAs(limited, "open_session", arguments)))
          .isEqualTo(requested.equals("0.1") ? "0.1" : "0.25");
      assertThat(budgetOf(callAs(unlimited, "open_session", arguments))).isEqualTo(requested);
    }
    cancel(limited, unlimited);
  }

  private static String budgetOf(JsonNode opened) {
    return get(owner.bearer(), "/sessions/" + opened.path("session_id").asString())
        .at("/budget/limit_usd")
        .asString("");
  }

  @Test
  void agentSeesNoValuesOfATaskAndKeepsThemInItsChanges() {
    var execution = startExecution(Map.of());
    var options = Map.of("env", Map.of("TOKEN", "s3cret"));
    var body = Map.of("name", "x", "prompt", "hello", "session", Map.of("options", options));
    var id = send(owner.bearer(), "POST", "/tasks", body, 201).path("id").asString();
    var seen = callAs(execution, "get_task", Map.of("task_id", id));
    assertThat(seen.at("/session/options/env").toString()).isEqualTo("{\"TOKEN\":null}");
    var changes = Map.of("session", Map.of("title", "y"));
    var change = Map.of("task_id", id, "version", 1, "changes", changes);
    var changed = callAs(execution, "update_task", change);
    assertThat(changed.at("/session/title").asString()).isEqualTo("y");
    assertThat(changed.toString()).doesNotContain("s3cret");
    var kept = get(owner.bearer(), "/tasks/" + id).at("/session/options/env/TOKEN").asString();
    assertThat(kept).isEqualTo("s3cret");
    cancel(execution);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/tasks?status=, status",
    "/api/v1/executions?status=, status",
    "/api/v1/tasks/TASK/statistics?from=-999999999-01-01T00:00:00Z, from",
    "/api/v1/tasks/TASK/statistics?from=%2B999999999-01-01T00:00:00Z, from",
    "/api/v1/sessions?from=-999999999-01-01T00:00:00Z, from"
  })
  void parameterThatNothingCanHaveIsRefused(String path, String parameter) {
    var body = Map.of("name", "x", "prompt", "hello");
    var task = send(owner.bearer(), "POST", "/tasks", body, 201).path("id").asString();
    var request = server.requestAs(owner.bearer(), path.replace("TASK", task)).GET();
    var response = server.send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).at("/errors/0/parameter").asString())
        .isEqualTo(parameter);
  }
}
