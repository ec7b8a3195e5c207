package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.SessionId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tasks and executions over REST, with all modules. */
class TaskServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String TASKS = "/api/v1/tasks";
  private static final String REVIEW =
      """
      {"name": "Review", "category": "reviews", "tags": ["b", "a"],
       "variables": [{"name": "file", "required": true, "pattern": "[a-z.]+"}],
       "session": {"title": "Review of ${file}"},
       "prompt": "scenario: %s\\nLook at ${file}."}
      """;

  private static final String FILE = "{\"file\": \"a.txt\"}";

  private static final ApiTestServer server = ApiTestServer.sharedService();

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static JsonNode create(String task) {
    return assertStatus(server.post(TASKS, task), 201);
  }

  private static JsonNode run(JsonNode task, String variables) {
    var path = TASKS + "/" + task.path("id").asString() + "/run";
    return assertStatus(server.post(path, "{\"variables\": " + variables + "}"), 202);
  }

  private static JsonNode get(String path) {
    return assertStatus(server.get(path), 200);
  }

  private static JsonNode awaitStatus(JsonNode execution, String status) {
    var path = "/api/v1/executions/" + execution.path("id").asString();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(get(path).path("status").asString())
                    .as(get(path).toString())
                    .isEqualTo(status));
    return get(path);
  }

  private static String session(JsonNode execution) {
    return "/api/v1/sessions/" + execution.path("session_id").asString();
  }

  @Test
  void taskRunsInASessionOfItsOwnToTheEnd() {
    var task = create(REVIEW.formatted("text"));
    assertThat(task.path("tags").toString()).isEqualTo("[\"a\",\"b\"]");
    var queued = run(task, FILE);
    assertThat(queued.path("status").asString()).isIn("queued", "running");
    var execution = awaitStatus(queued, "succeeded");
    assertThat(execution.path("variables").toString()).isEqualTo("{\"file\":\"a.txt\"}");
    assertThat(execution.path("trigger").toString()).isEqualTo("{\"type\":\"manual\"}");
    assertThat(execution.path("attempts").size()).isEqualTo(1);
    assertThat(execution.at("/attempts/0/status").asString()).isEqualTo("succeeded");
    var session = get(session(execution));
    assertThat(execution.path("cost_usd")).isEqualTo(session.path("cost_usd"));
    assertThat(session.path("title").asString()).isEqualTo("Review of a.txt");
    assertThat(session.path("origin").toString())
        .isEqualTo("{\"type\":\"task\",\"execution_id\":" + execution.path("id") + "}");
    var tasks = get(TASKS + "?category=reviews&tag=a").path("items");
    assertThat(tasks.toString()).contains(task.path("id").asString());
    assertThat(get(TASKS + "?tag=c").path("items").toString())
        .doesNotContain(task.path("id").asString());
    var executions = TASKS + "/" + task.path("id").asString() + "/executions?status=";
    assertThat(get(executions + "succeeded").path("items").size()).isEqualTo(1);
    assertThat(get(executions + "failed,queued").path("items").size()).isZero();
  }

  @Test
  void executionWaitsForADecisionAndIsCancelledWithItsSession() {
    var execution = awaitStatus(run(create(REVIEW.formatted("question")), FILE), "waiting");
    var path = "/api/v1/executions/" + execution.path("id").asString();
    assertThat(assertStatus(server.post(path + "/retry", ""), 409).path("code").asString())
        .isEqualTo("execution_not_ended");
    var cancelled = assertStatus(server.post(path + "/cancel", ""), 200);
    assertThat(cancelled.path("status").asString()).isEqualTo("cancelled");
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(get(session(execution)).path("lifecycle").asString())
                    .isEqualTo("closed"));
    assertStatus(server.post(path + "/cancel", ""), 200);
    var repeated = assertStatus(server.post(path + "/retry", ""), 202);
    assertThat(repeated.at("/trigger/execution_id")).isEqualTo(execution.path("id"));
    assertThat(repeated.path("variables")).isEqualTo(execution.path("variables"));
    server.post("/api/v1/executions/" + repeated.path("id").asString() + "/cancel", "");
  }

  /** Returns an access token of a member who may have one session with a run at a time. */
  private static String memberWithOneSession() {
    var email = UUID.randomUUID() + "@example.com";
    var invitation = "{\"email\": \"%s\", \"role\": \"member\"}".formatted(email);
    var invited = assertStatus(server.post("/api/v1/invitations", invitation), 201);
    var joined =
        ApiTestServer.json(
            server.post(
                "/api/v1/invitations/accept",
                "{\"token\": \"%s\", \"name\": \"Bob\", \"password\": \"a password of twelve\"}"
                    .formatted(invited.path("token").asString())));
    var limits =
        """
        {"sessions": 1, "tasks": 5, "storage_mib": 100, "workspace_mib": 10,
         "calls_per_minute": 6000, "calls_per_hour": 100000}""";
    var quota = "/api/v1/users/" + joined.path("user_id").asString() + "/quota";
    assertStatus(
        server.send(
            server
                .request(quota)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"0\"")
                .PUT(BodyPublishers.ofString(limits))),
        200);
    var login = "{\"email\": \"%s\", \"password\": \"a password of twelve\"}".formatted(email);
    return assertStatus(server.post("/api/v1/auth/login", login), 200)
        .path("access_token")
        .asString();
  }

  private static JsonNode postAs(String token, String path, String body) {
    var request = server.requestAs(token, path).header("Content-Type", "application/json");
    var response = server.send(request.POST(BodyPublishers.ofString(body)));
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return ApiTestServer.json(response);
  }

  @Test
  void executionThatTheUsersLimitRefusesStartsWhenARunEnds() {
    var token = memberWithOneSession();
    var waiting = postAs(token, TASKS, REVIEW.formatted("question")).path("id").asString();
    var variables = "{\"variables\": " + FILE + "}";
    var first = postAs(token, TASKS + "/" + waiting + "/run", variables);
    awaitStatus(first, "waiting");
    var quick = postAs(token, TASKS, REVIEW.formatted("text")).path("id").asString();
    var second = postAs(token, TASKS + "/" + quick + "/run", variables);
    var path = "/api/v1/executions/" + second.path("id").asString();
    await()
        .atMost(TIMEOUT)
        .until(() -> get(path).at("/error/code").asString("").equals("limit_reached"));
    assertThat(get(path).path("status").asString()).isEqualTo("queued");
    postAs(token, "/api/v1/executions/" + first.path("id").asString() + "/cancel", "");
    var succeeded = awaitStatus(second, "succeeded");
    assertThat(succeeded.path("attempts").size()).as("the refused one does not count").isOne();
    assertThat(succeeded.path("error").isNull()).isTrue();
  }

  /** Calls run_task as the agent of an execution that waits for a decision. */
  private static JsonNode runTaskAsAgentOf(JsonNode execution, JsonNode task) {
    var user = new UserId(execution.path("user_id").asString());
    var tenant =
        server
            .bean(JdbcClient.class)
            .sql("select tenant from identity_user where user_id = ?")
            .param(user.value())
            .query(String.class)
            .single();
    var initiator =
        new Provenance(
            new TenantId(tenant), Actor.ofUser(user), Provenance.SYSTEM, "req_2222222222");
    var client =
        new PlatformServer.Client(
            AgentId.next(), new SessionId(execution.path("session_id").asString()));
    var request =
        """
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params":
          {"name": "run_task", "arguments": {"task_id": %s, "variables": %s}}}"""
            .formatted(task.path("id"), FILE);
    var response =
        server
            .bean(PlatformServer.class)
            .answer(client, initiator, request)
            .toCompletableFuture()
            .join();
    var result = new JsonMapper().readTree(response);
    assertThat(result.has("result")).as(response).isTrue();
    return new JsonMapper().readTree(result.at("/result/content/0/text").asString());
  }

  @Test
  void taskThatItsOwnAgentRunsHasABoundAndEndsWithTheFirst() {
    var endless =
        create(
            REVIEW.formatted("question").replace("\"title\"", "\"budget_usd\": \"1\", \"title\""));
    var first = awaitStatus(run(endless, FILE), "waiting");
    var executions = new ArrayList<>(List.of(first));
    for (int depth = 1; depth <= 3; depth++) {
      var parent = executions.getLast();
      var child = awaitStatus(runTaskAsAgentOf(parent, endless), "waiting");
      assertThat(child.path("depth").asInt()).isEqualTo(depth);
      assertThat(child.path("parent_execution_id")).isEqualTo(parent.path("id"));
      assertThat(child.path("parent_session_id")).isEqualTo(parent.path("session_id"));
      executions.add(child);
    }
    var tooDeep = runTaskAsAgentOf(executions.getLast(), endless);
    assertThat(tooDeep.path("code").asString()).isEqualTo("delegation_too_deep");
    var exhausted = runTaskAsAgentOf(first, endless);
    assertThat(exhausted.path("code").asString())
        .as("the child has reserved what remained")
        .isEqualTo("budget_exhausted");
    var children = "/api/v1/executions?parent_execution_id=" + first.path("id").asString();
    assertThat(get(children).path("items")).hasSize(1);
    assertThat(get(children).at("/items/0/id")).isEqualTo(executions.get(1).path("id"));
    var ofSession = "?parent_session_id=" + first.path("session_id").asString();
    assertThat(get("/api/v1/executions" + ofSession).path("items")).hasSize(1);

    assertStatus(
        server.post("/api/v1/executions/" + first.path("id").asString() + "/cancel", ""), 200);
    for (var execution : executions) awaitStatus(execution, "cancelled");
    assertThat(get(session(executions.getLast())).at("/budget/limit_usd").asString())
        .as("each has what remained of its parent's budget")
        .isEqualTo("1");
    for (var execution : executions)
      await()
          .atMost(TIMEOUT)
          .until(() -> get(session(execution)).path("lifecycle").asString().equals("closed"));
  }

  @Test
  void scheduleStartsAnExecutionUntilItIsPaused() {
    var once =
        REVIEW
            .formatted("text")
            .replace(
                "\"prompt\"",
                "\"schedule\": {\"type\": \"once\", \"at\": \""
                    + Instant.now().plusSeconds(2)
                    + "\", \"variables\": "
                    + FILE
                    + "}, \"prompt\"");
    var task = create(once);
    assertThat(task.path("next_execution_at").isNull()).isFalse();
    var executions = TASKS + "/" + task.path("id").asString() + "/executions";
    await().atMost(TIMEOUT).until(() -> get(executions).path("items").size() == 1);
    var execution = awaitStatus(get(executions).at("/items/0"), "succeeded");
    assertThat(execution.at("/trigger/type").asString()).isEqualTo("schedule");
    assertThat(execution.at("/trigger/scheduled_at")).isEqualTo(task.at("/schedule/at"));
    var paused = server.post(TASKS + "/" + task.path("id").asString() + "/pause", "");
    assertThat(assertStatus(paused, 200).path("paused").asBoolean()).isTrue();
    var resumed = server.post(TASKS + "/" + task.path("id").asString() + "/resume", "");
    assertThat(assertStatus(resumed, 200).path("paused").asBoolean()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "prompt": null | /prompt | is required unless
          "session": {"workspace": {"type": "upload"}} | /session/workspace/type | must be copy
          "session": {"titel": "x"} | /session/titel | is not a known field
          "prompt": "${who}" | /prompt | names an unknown variable
          "schedule": {"type": "cron", "expression": "0 25 * * *"} | /schedule/expression | field 2 (hour): must be *, or 0 to 23
          "schedule": {"type": "cron", "expression": "0 0 * *"} | /schedule/expression | it has 4
          "schedule": {"type": "cron", "expression": "0 0 30 2 *"} | /schedule/expression | no such day
          "schedule": {"type": "cron", "expression": "0 0 * * *", "time_zone": "Mars"} | /schedule/time_zone | IANA
          "schedule": {"type": "cron", "expression": "0 0 * * *", "every_seconds": 60} | /schedule/every_seconds | interval only
          "schedule": {"type": "interval", "every_seconds": 1} | /schedule/every_seconds | 10 to 31536000
          "schedule": {"type": "once", "at": "2001-01-01T00:00:00Z"} | /schedule/at | in the future
          "schedule": {"type": "once", "at": "+1000000000-12-31T23:59:59Z"} | /schedule/at | before the year 3000
          "schedule": {"type": "once", "at": "tomorrow"} | /schedule/at | ISO 8601
          "variables": [{"name": "x", "required": true}], "schedule": {"type": "interval", "every_seconds": 60} | /schedule/variables/x | is required
          "sharing": "tenant", "session": {"options": {"additional_directories": ["/srv"]}} | /session/options/additional_directories/0 | others may use it
          "priority": 10 | /priority | 0 to 9
          "priority": 99999999999 | /priority | whole number in the permitted range
          "session": [] | /session | must be an object
          "session": {"template_id": 7} | /session/template_id | must be a string
          "session": {"agent_id": "${a}"}, "variables": [{"name": "a"}] | /session/agent_id | without variables
          "session": {"agent_version": "${v}", "agent_id": "agt_2222222222"}, "variables": [{"name": "v", "type": "integer"}] | /session/agent_version | without variables
          "session": {"agent_id": "agt_2222222222"} | /session/agent_id | an agent that you can see
          """)
  void rejectsAnUnusableTaskAtCreation(String fields, String pointer, String detail) {
    var prompt = fields.contains("\"prompt\"") ? "" : ", \"prompt\": \"hello\"";
    var body = "{\"name\": \"x\", " + fields + prompt + "}";
    var error = assertStatus(server.post(TASKS, body), 400).at("/errors/0");
    assertThat(error.path("pointer").asString()).isEqualTo(pointer);
    assertThat(error.path("detail").asString()).contains(detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"category", "tag"})
  void filterThatNoTaskCanHaveIsRefused(String parameter) {
    var refused = assertStatus(server.get(TASKS + "?" + parameter + "=%20"), 400);
    assertThat(refused.at("/errors/0/parameter").asString()).isEqualTo(parameter);
  }

  @Test
  void taskKeepsTheVersionOfAnotherUsersAgent() {
    var token = memberWithOneSession();
    var shared =
        assertStatus(
            server.post(
                "/api/v1/agents",
                "{\"name\": \"%s\", \"sharing\": \"tenant\", \"session\": {}}"
                    .formatted(UUID.randomUUID())),
            201);
    var body =
        "{\"name\": \"x\", \"prompt\": \"hello\", \"session\": {\"agent_id\": %s}}"
            .formatted(shared.path("id"));
    var task = postAs(token, TASKS, body);
    assertThat(task.at("/session/agent_version").asInt()).isEqualTo(1);
    assertThat(create(body).path("session").has("agent_version")).as("the own agent").isFalse();

    var template =
        postAs(
            token,
            "/api/v1/templates",
            "{\"name\": \"own\", \"prompt\": \"hello\", \"session\": {\"agent_id\": %s}}"
                .formatted(shared.path("id")));
    var indirect =
        postAs(
            token,
            TASKS,
            "{\"name\": \"y\", \"session\": {\"template_id\": %s}}".formatted(template.path("id")));
    assertThat(indirect.path("session").has("template_version")).as("the own template").isFalse();
    assertThat(indirect.at("/session/agent_id")).isEqualTo(shared.path("id"));
    assertThat(indirect.at("/session/agent_version").asInt()).isEqualTo(1);

    var variable =
        postAs(
            token,
            "/api/v1/templates",
            "{\"name\": \"any\", \"prompt\": \"hello\", \"variables\": [{\"name\": \"v\", \"type\": \"integer\"}], \"session\": {\"agent_id\": %s, \"agent_version\": \"${v}\"}}"
                .formatted(shared.path("id")));
    var unpinned =
        "{\"name\": \"z\", \"session\": {\"template_id\": %s}}".formatted(variable.path("id"));
    var refused =
        server.send(
            server
                .requestAs(token, TASKS)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(unpinned)));
    assertThat(assertStatus(refused, 400).at("/errors/0/pointer").asString())
        .isEqualTo("/session/agent_id");
  }

  @Test
  void taskKeepsTheVersionOfAnotherUsersTemplateAndFailsWithoutIt() {
    var token = memberWithOneSession();
    var agent =
        assertStatus(
            server.post(
                "/api/v1/agents",
                "{\"name\": \"%s\", \"sharing\": \"tenant\"}".formatted(UUID.randomUUID())),
            201);
    var body =
        "{\"name\": \"shared\", \"sharing\": \"%s\", \"prompt\": \"hello\", \"session\":"
            + " {\"title\": \"%s\", \"agent_id\": "
            + agent.path("id")
            + "}}";
    var template =
        assertStatus(server.post("/api/v1/templates", body.formatted("tenant", "one")), 201);
    var path = "/api/v1/templates/" + template.path("id").asString();
    var task =
        "{\"name\": \"x\", \"session\": {\"template_id\": %s}}".formatted(template.path("id"));
    var pinned = postAs(token, TASKS, task);
    assertThat(pinned.at("/session/template_version").asInt()).isEqualTo(1);
    assertThat(pinned.at("/session/agent_id")).isEqualTo(agent.path("id"));
    assertThat(pinned.at("/session/agent_version").asInt()).isEqualTo(1);
    assertThat(create(task).path("session").has("template_version")).as("the own one").isFalse();
    change(path, 1, body.formatted("tenant", "two"));
    var open = "{\"template_id\": %s, \"template_version\": %d}";
    var old = server.post("/api/v1/sessions", open.formatted(template.path("id"), 1));
    assertThat(assertStatus(old, 201).path("title").asString()).isEqualTo("one");
    assertStatus(server.post("/api/v1/sessions", open.formatted(template.path("id"), 3)), 404);

    change(path, 2, body.formatted("private", "three"));
    var execution = postAs(token, TASKS + "/" + pinned.path("id").asString() + "/run", "{}");
    assertThat(awaitStatus(execution, "failed").at("/error/message").asString())
        .contains("its template " + template.path("id").asString() + " is not shared any more");
  }

  private static void change(String path, int version, String body) {
    assertStatus(
        server.send(
            server
                .request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"" + version + "\"")
                .PUT(BodyPublishers.ofString(body))),
        200);
  }

  @Test
  void onlyTheLocalOwnerChoosesDirectoriesOfTheMachine() {
    var body =
        "{\"name\": \"x\", \"prompt\": \"hello\", \"session\": {\"workspace\":"
            + " {\"type\": \"copy\", \"path\": \"/srv/app\"}}}";
    create(body);
    var token = memberWithOneSession();
    for (var path : List.of(TASKS, "/api/v1/templates")) {
      var request = server.requestAs(token, path).header("Content-Type", "application/json");
      var refused = server.send(request.POST(BodyPublishers.ofString(body)));
      assertThat(assertStatus(refused, 400).at("/errors/0/pointer").asString())
          .isEqualTo("/session/workspace/path");
    }
  }

  @Test
  void rejectsMissingAndInvalidVariablesByName() {
    var path = TASKS + "/" + create(REVIEW.formatted("text")).path("id").asString() + "/run";
    for (var values : new String[] {"{}", "{\"file\": \"UP\"}", "{\"file\": null}"}) {
      var error =
          assertStatus(server.post(path, "{\"variables\": " + values + "}"), 400).at("/errors/0");
      assertThat(error.path("pointer").asString()).isEqualTo("/variables/file");
    }
  }
}
