package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.ApiTestServer;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The platform's MCP server, called by the client of the official SDK and by plain requests. */
class PlatformMcpIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `([a-z_]+)` \\| (\\w+) \\|");

  private static final String EXECUTIONS = "/api/v1/executions";

  private static AuthorizationFixture fixture;
  private static McpSyncClient owner;
  private static McpSyncClient viewer;
  private static McpSyncClient otherTenant;

  @BeforeAll
  static void connect() {
    fixture = new AuthorizationFixture(server);
    owner = connect(server.key());
    viewer = connect(fixture.join(fixture.operator.tenant(), Role.VIEWER).bearer());
    otherTenant = connect(fixture.join(fixture.createTenant(), Role.ADMIN).bearer());
  }

  private static McpSyncClient connect(String secret) {
    var transport =
        HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + server.port())
            .endpoint("/mcp")
            .requestBuilder(HttpRequest.newBuilder().header("Authorization", "Bearer " + secret))
            .build();
    var client = McpClient.sync(transport).requestTimeout(Duration.ofMinutes(3)).build();
    client.initialize();
    return client;
  }

  @AfterAll
  static void close() {
    for (var client : new McpSyncClient[] {owner, viewer, otherTenant}) client.close();
  }

  private static McpSchema.CallToolResult send(
      McpSyncClient client, String tool, Map<String, Object> arguments) {
    return client.callTool(new McpSchema.CallToolRequest(tool, arguments));
  }

  private static String text(McpSchema.CallToolResult result) {
    return ((McpSchema.TextContent) result.content().getFirst()).text();
  }

  private static JsonNode call(String tool, Map<String, Object> arguments) {
    var result = send(owner, tool, arguments);
    assertThat(result.isError()).as(text(result)).isFalse();
    var json = JSON.readTree(text(result));
    assertThat(JSON.<JsonNode>valueToTree(result.structuredContent())).isEqualTo(json);
    return json;
  }

  private static JsonNode fail(McpSyncClient client, String tool, Map<String, Object> arguments) {
    var result = send(client, tool, arguments);
    assertThat(result.isError()).as(text(result)).isTrue();
    return JSON.readTree(text(result));
  }

  private static String read(String uri) {
    return owner
        .readResource(new McpSchema.ReadResourceRequest(uri))
        .contents()
        .getFirst()
        .toString();
  }

  @Test
  void clientOpensASessionAndReadsWhatItResultsIn() {
    var run =
        call(
            "open_session",
            Map.of(
                "prompt", "scenario: look-around",
                "title", "Over MCP",
                "budget_usd", "1",
                "options", Map.of("max_turns", 9),
                "wait_seconds", 120));
    assertThat(run.path("status").asString()).as(run.toString()).isEqualTo("completed");
    assertThat(run.path("result").asString()).isNotEmpty();
    var session = run.path("session_id").asString();

    var view = call("get_session", Map.of("session_id", session));
    assertThat(view.at("/options/max_turns").asInt()).isEqualTo(9);
    assertThat(view.at("/budget/limit_usd").asString()).isEqualTo("1");
    assertThat(read("agentledger://sessions/" + session)).contains("Over MCP");
    assertThat(read("agentledger://sessions/" + session + "/messages")).contains("look-around");
    assertThat(call("list_sessions", Map.of("text", "Over MCP")).toString()).contains(session);
    Map<String, Object> words = Map.of("q", "scenario look", "session_id", session);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                call("search_transcripts", words).at("/items/0/kind").asString("").equals("user"));
    assertThat(call("get_costs", Map.of("session_id", session)).at("/items/0/turns").asInt())
        .isPositive();

    var first = call("list_messages", Map.of("session_id", session, "limit", 1));
    var next = first.path("next_cursor").asString();
    var second = call("list_messages", Map.of("session_id", session, "limit", 1, "cursor", next));
    assertThat(second.path("items").get(0)).isNotEqualTo(first.path("items").get(0));

    var again = call("submit_query", Map.of("session_id", session, "prompt", "scenario: text"));
    var outcome =
        call(
            "get_result",
            Map.of(
                "session_id",
                session,
                "run_id",
                again.path("run_id").asString(),
                "wait_seconds",
                120));
    assertThat(outcome.path("status").asString()).as(outcome.toString()).isEqualTo("completed");
  }

  @Test
  void clientReadsFilesInPartsThatDivideNoCharacter() {
    var session = server.openSession().value();
    var path = "/api/v1/sessions/" + session + "/files/content?path=notes/a%20b.txt";
    assertThat(server.send(server.request(path).PUT(BodyPublishers.ofString("aé€"))).statusCode())
        .isEqualTo(200);
    assertThat(
            call("list_files", Map.of("session_id", session, "folder", "notes"))
                .at("/items/0/path")
                .asString())
        .isEqualTo("notes/a b.txt");
    Map<String, Object> file = Map.of("session_id", session, "path", "notes/a b.txt", "length", 4);
    var part = call("read_file", file);
    assertThat(part.path("content").asString()).isEqualTo("aé");
    assertThat(part.path("next_offset").asLong()).isEqualTo(3);
    assertThat(read("agentledger://sessions/" + session + "/files/notes%2Fa%20b.txt"))
        .contains("aé€");
    assertThatThrownBy(() -> read("agentledger://sessions/" + session + "/files/..%2F..%2Fkey"))
        .isInstanceOf(McpError.class)
        .hasMessageContaining("not valid");
    assertThatThrownBy(() -> read("agentledger://sessions/" + session + "/files/none"))
        .isInstanceOf(McpError.class)
        .hasMessageContaining("not found");
  }

  @Test
  void clientDecidesAboutAnActionThatARunWaitsFor() {
    var run = call("open_session", Map.of("prompt", "scenario: ask-write", "wait_seconds", 120));
    var action = run.at("/pending_actions/0");
    assertThat(action.path("tool").asString()).as(run.toString()).isEqualTo("Write");
    var session = run.path("session_id").asString();
    var id = action.path("action_id").asString();
    assertThat(call("list_pending_actions", Map.of("limit", 100)).toString()).contains(id);
    Map<String, Object> reference = Map.of("session_id", session, "action_id", id);
    assertThat(call("get_pending_action", reference)).isEqualTo(action);
    assertThat(fail(viewer, "decide_action", Map.of("decision", "allow")).path("code").asString())
        .isEqualTo("invalid_request");
    call(
        "decide_action",
        Map.of(
            "session_id",
            session,
            "action_id",
            id,
            "decision",
            "deny",
            "input_digest",
            action.path("input_digest").asString(),
            "reason",
            "not there"));
    var outcome =
        call(
            "get_result",
            Map.of(
                "session_id",
                session,
                "run_id",
                run.path("run_id").asString(),
                "wait_seconds",
                120));
    assertThat(outcome.path("status").asString()).as(outcome.toString()).isEqualTo("completed");
    assertThat(outcome.path("pending_actions")).isEmpty();
    assertThat(fail(owner, "get_pending_action", reference).path("code").asString())
        .isEqualTo("action_not_found");
  }

  @Test
  void repeatedCallWithItsKeyOpensOneSession() {
    var template =
        ApiTestServer.json(server.post("/api/v1/templates", "{\"name\": \"m\", \"session\": {}}"))
            .path("id")
            .asString();
    assertThat(call("list_templates", Map.of("limit", 100)).toString()).contains(template);
    Map<String, Object> arguments =
        Map.of("template_id", template, "title", "Once", "idempotency_key", template);
    assertThat(call("open_session_from_template", arguments).path("id"))
        .isEqualTo(call("open_session_from_template", arguments).path("id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          get_session     | {"session_id": "ses_1"}                          | /session_id
          get_session     | {}                                               | /session_id
          list_sessions   | {"limit": 101}                                   | /limit
          list_sessions   | {"status": "none"}                               | /status
          list_sessions   | {"limit": "many"}                                | /limit
          list_sessions   | {"more": 1}                                      | /more
          open_session    | {"prompt": " "}                                  | /prompt
          open_session    | {"prompt": "a", "wait_seconds": 301}             | /wait_seconds
          open_session    | {"prompt": "a", "options": {"max_turns": 0}}     | /options/max_turns
          open_session    | {"prompt": "a", "options": {"effort": "no"}}    | /options/effort
          get_costs       | {"from": "yesterday"}                            | /from
          read_file       | {"session_id": "ses_2222222222", "path": "../a"} | /path
          search_transcripts | {}                                            | /q
          search_transcripts | {"q": "?!"}                                   | /q
          search_transcripts | {"q": "a", "kind": "title"}                   | /kind
          """)
  void invalidArgumentIsAnErrorOfTheToolThatNamesIt(String tool, String arguments, String place) {
    @SuppressWarnings("unchecked") // The rows are objects.
    Map<String, Object> sent = JSON.readValue(arguments, Map.class);
    var problem = fail(owner, tool, sent);
    assertThat(problem.at("/errors/0/pointer").asString()).as(problem.toString()).isEqualTo(place);
    assertThat(problem.at("/errors/0/detail").asString()).isNotEmpty();
  }

  @Test
  void callersSeeTheirToolsAndObjectsOnly() {
    var session = server.openSession().value();
    assertThat(owner.listTools().tools())
        .extracting(McpSchema.Tool::name)
        .contains("open_session", "decide_action", "get_session");
    assertThat(viewer.listTools().tools())
        .extracting(McpSchema.Tool::name)
        .contains("get_session")
        .doesNotContain("open_session", "submit_query", "decide_action", "interrupt_run");
    assertThat(fail(viewer, "open_session", Map.of("prompt", "hello")).path("code").asString())
        .isEqualTo("forbidden");
    for (var stranger : new McpSyncClient[] {viewer, otherTenant})
      assertThat(
              fail(stranger, "get_session", Map.of("session_id", session)).path("code").asString())
          .isEqualTo("session_not_found");
    assertThatThrownBy(
            () ->
                otherTenant.readResource(
                    new McpSchema.ReadResourceRequest("agentledger://sessions/" + session)))
        .isInstanceOf(McpError.class);
  }

  @Test
  void callerWhoMayNotReadTheResultOpensNothing() {
    var body = "{\"name\": \"writer\", \"scopes\": [\"sessions:write\"]}";
    var key = ApiTestServer.json(server.post("/api/v1/keys", body)).path("secret").asString();
    var writer = connect(key);
    Map<String, Object> arguments = Map.of("prompt", "hello", "title", "Opened by a writer");
    assertThat(fail(writer, "open_session", arguments).path("code").asString())
        .isEqualTo("forbidden");
    writer.close();
    assertThat(call("list_sessions", Map.of("text", "Opened by a writer")).path("items")).isEmpty();
  }

  @Test
  void toolsStateTheirEffectAndAreDocumented() throws IOException {
    var documented =
        DOCUMENTED
            .matcher(Files.readString(ApiTestServer.root().resolve("docs/platform-mcp.md")))
            .results()
            .map(row -> row.group(1) + " " + row.group(2))
            .toList();
    assertThat(owner.listTools().tools())
        .extracting(
            tool ->
                tool.name()
                    + (tool.annotations().readOnlyHint()
                        ? " reads"
                        : tool.annotations().destructiveHint() ? " changes" : " adds"))
        .containsExactlyElementsOf(documented);
    assertThat(owner.listTools().tools()) // Calls of others need approval, by their names.
        .allMatch(
            tool -> tool.annotations().readOnlyHint() == PlatformServer.isReader(tool.name()));
    assertThat(owner.listResourceTemplates().resourceTemplates()).hasSize(3);
  }

  /** The script of the session's agent. */
  private static final String DELEGATION =
      """
      ```rehearsal
      - say: I look.
        calls:
          - {tool: mcp__agentledger__list_sessions, input: {limit: 1}}
      - say: "Found {{last | first ses_[a-z0-9]+}}."
        calls:
          - {tool: mcp__agentledger__open_session, input: {prompt: "scenario: text"}}
      - say: "Opened {{last | first ses_[a-z0-9]+}}."
      ```""";

  @Test
  void agentReadsByItselfAndStartsWorkWithItsUsersApproval() {
    var run =
        call(
            "open_session",
            Map.of(
                "prompt",
                DELEGATION,
                "options",
                Map.of(
                    "mcp_servers", List.of("mcp_thegateway"),
                    "permission_mode", "bypassPermissions",
                    "allowed_tools", List.of("@default", "mcp__agentledger")),
                "wait_seconds",
                120));
    var session = run.path("session_id").asString();
    var action = run.at("/pending_actions/0");
    assertThat(action.path("tool").asString())
        .as(run.toString())
        .isEqualTo("mcp__agentledger__open_session");
    assertThat(call("list_messages", Map.of("session_id", session)).toString())
        .contains("Found " + session);
    call(
        "decide_action",
        Map.of(
            "session_id",
            session,
            "action_id",
            action.path("action_id").asString(),
            "decision",
            "allow"));
    var outcome =
        call(
            "get_result",
            Map.of(
                "session_id",
                session,
                "run_id",
                run.path("run_id").asString(),
                "wait_seconds",
                120));
    var opened = outcome.path("result").asString().replaceAll("Opened |\\.$", "");
    assertThat(opened).as(outcome.toString()).startsWith("ses_").isNotEqualTo(session);
    // Its run has an agent as its initiator, so it could start nothing itself.
    var agent = call("get_session", Map.of("session_id", session)).at("/agent/id").asString();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(server.get("/api/v1/audit?actor=agent:" + agent).body())
                    .contains(opened, "SessionOpened", "QueryIssued"));
  }

  private static void allow(JsonNode run) {
    call(
        "decide_action",
        Map.of(
            "session_id",
            run.path("session_id").asString(),
            "action_id",
            run.at("/pending_actions/0/action_id").asString(),
            "decision",
            "allow"));
  }

  private static String resultOf(JsonNode run) {
    var outcome =
        call(
            "get_result",
            Map.of(
                "session_id",
                run.path("session_id").asString(),
                "run_id",
                run.path("run_id").asString(),
                "wait_seconds",
                120));
    assertThat(outcome.path("status").asString()).as(outcome.toString()).isEqualTo("completed");
    return outcome.path("result").asString();
  }

  @Test
  void agentConfiguresWithItsUsersApprovalAndClientsByDifferences() {
    var script =
        """
        ```rehearsal
        - calls:
            - {tool: mcp__agentledger__create_task, input: {name: Saved, prompt: "scenario: text"}}
        - say: "{{last | first tsk_[a-z0-9]+}}"
        ```""";
    Map<String, Object> options =
        Map.of("mcp_servers", List.of("mcp_thegateway"), "permission_mode", "bypassPermissions");
    var run =
        call("open_session", Map.of("prompt", script, "options", options, "wait_seconds", 120));
    var action = run.at("/pending_actions/0");
    assertThat(action.path("tool").asString())
        .as(run.toString())
        .isEqualTo("mcp__agentledger__create_task");
    assertThat(action.at("/input/prompt").asString()).isEqualTo("scenario: text");
    allow(run);
    var task = resultOf(run);
    assertThat(call("get_task", Map.of("task_id", task)).path("version").asInt()).isEqualTo(1);

    Map<String, Object> change =
        Map.of("task_id", task, "version", 1, "changes", Map.of("tags", List.of("by-mcp")));
    var changed = call("update_task", change);
    assertThat(changed.path("tags").toString()).isEqualTo("[\"by-mcp\"]");
    assertThat(changed.path("prompt").asString()).isEqualTo("scenario: text");
    assertThat(fail(owner, "update_task", change).path("code").asString())
        .isEqualTo("version_conflict");
    var unknown = Map.<String, Object>of("titel", "x");
    assertThat(
            fail(owner, "update_task", Map.of("task_id", task, "version", 2, "changes", unknown))
                .at("/errors/0/pointer")
                .asString())
        .isEqualTo("/changes/titel");
    assertThat(call("pause_task", Map.of("task_id", task)).path("paused").asBoolean()).isTrue();
    assertThat(call("resume_task", Map.of("task_id", task)).path("paused").asBoolean()).isFalse();
    assertThat(call("archive_task", Map.of("task_id", task)).path("archived_at").isNull())
        .isFalse();
  }

  @Test
  void clientConfiguresAgentsByDifferences() {
    var session = Map.of("options", Map.of("max_turns", 7, "effort", "low"));
    var agent =
        call("create_agent", Map.of("name", "By MCP", "session", session, "instructions", "Brief."))
            .path("id")
            .asString();
    var changes = new HashMap<String, Object>();
    changes.put("instructions", null);
    changes.put("session", Map.of("options", Map.of("max_turns", 9)));
    var changed = call("update_agent", Map.of("agent_id", agent, "version", 1, "changes", changes));
    assertThat(changed.path("instructions").isNull()).isTrue();
    assertThat(changed.at("/session/options/max_turns").asInt()).isEqualTo(9);
    assertThat(changed.at("/session/options/effort").asString()).isEqualTo("low");
    assertThat(call("archive_agent", Map.of("agent_id", agent)).path("archived_at").isNull())
        .isFalse();
  }

  /** Brain looks for the task, starts it, and looks at the execution until it has ended. */
  private static final String START_TASK =
      """
      Start the task and report its result.
      ```rehearsal
      - calls:
          - {tool: mcp__agentledger__list_tasks, input: {category: for-brain}}
      - say: "I start it."
        calls:
          - tool: mcp__agentledger__run_task
            input: {task_id: "{{last | first tsk_[a-z0-9]+}}"}
      """;

  private static final String LOOK =
      """
      - choose:
          - if: {given: "{{last | first succeeded}}"}
            say: "{{last | first exe_[a-z0-9]+}} has {{last | first succeeded}}."
          - calls:
              - tool: mcp__agentledger__get_execution
                input:
                  execution_id: "{{tool mcp__agentledger__run_task | first exe_[a-z0-9]+}}"
      """;

  @Test
  void brainStartsATaskForItsUserAndReportsTheResult() {
    Map<String, Object> task =
        Map.of("name", "For Brain", "category", "for-brain", "prompt", "scenario: text");
    var id = call("create_task", task).path("id").asString();
    var run =
        call(
            "chat",
            Map.of(
                "message",
                START_TASK + LOOK.repeat(30) + "```",
                "new_conversation",
                true,
                "wait_seconds",
                120));
    var action = run.at("/pending_actions/0");
    assertThat(action.path("tool").asString())
        .as(run.toString())
        .isEqualTo("mcp__agentledger__run_task");
    assertThat(action.at("/input/task_id").asString()).isEqualTo(id);
    allow(run);
    var result = resultOf(run);
    assertThat(result).matches("exe_[a-z0-9]+ has succeeded\\.");
    var execution = call("get_execution", Map.of("execution_id", result.split(" ")[0]));
    assertThat(execution.path("task_id").asString()).isEqualTo(id);
    var session = call("get_session", Map.of("session_id", run.path("session_id").asString()));
    assertThat(session.at("/agent/name").asString()).isEqualTo("brain");
  }

  /** The agent of the task starts the same task. */
  private static final String RUNS_ITSELF =
      """
      ```rehearsal
      - calls:
          - {tool: mcp__agentledger__list_tasks, input: {category: endless}}
      - calls:
          - tool: mcp__agentledger__run_task
            input: {task_id: "{{last | first tsk_[a-z0-9]+}}"}
      - say: "Result: {{last}}"
      ```""";

  @Tag("exhaustive")
  @Test
  void taskThatRunsItselfEndsAtTheBoundOfDepth() {
    var options =
        Map.of(
            "mcp_servers", List.of("mcp_thegateway"),
            "allowed_tools", List.of("@default", "mcp__agentledger"));
    var task =
        call(
            "create_task",
            Map.of(
                "name",
                "Endless",
                "category",
                "endless",
                "prompt",
                RUNS_ITSELF,
                "session",
                Map.of("options", options)));
    var first = call("run_task", Map.of("task_id", task.path("id").asString()));
    var execution = first.path("id").asString();
    for (int depth = 0; depth < 3; depth++) {
      allowCallOf(execution, depth);
      var children = EXECUTIONS + "?parent_execution_id=" + execution;
      execution = awaitText(children, "/items/0/id");
    }
    var session = allowCallOf(execution, 3);
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(server.get("/api/v1/sessions/" + session + "/messages").body())
                    .contains("delegation_too_deep"));
  }

  /** Allows the call that an execution waits for, and returns its session. */
  private static String allowCallOf(String execution, int depth) {
    var path = EXECUTIONS + "/" + execution;
    await().atMost(Duration.ofMinutes(1)).until(() -> awaitText(path, "/status").equals("waiting"));
    assertThat(ApiTestServer.json(server.get(path)).path("depth").asInt()).isEqualTo(depth);
    var session = ApiTestServer.json(server.get(path)).path("session_id").asString();
    var action = awaitText("/api/v1/sessions/" + session, "/pending_actions/0/action_id");
    call("decide_action", Map.of("session_id", session, "action_id", action, "decision", "allow"));
    return session;
  }

  private static String awaitText(String path, String pointer) {
    return await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> ApiTestServer.json(server.get(path)).at(pointer).asString(""),
            text -> !text.isEmpty());
  }

  @Test
  void agentHasTheRightsOfAnAgentAndOfItsCallerAndDecidesNothing() {
    var session = server.openSession();
    var member = fixture.join(fixture.operator.tenant(), Role.MEMBER);
    var caller = fixture.caller(member);
    var find =
        "\"name\": \"get_session\", \"arguments\": {\"session_id\": \"%s\"}".formatted(session);
    assertThat(askAs(fixture.operator.provenance("req_agent"), find)).contains("structuredContent");
    assertThat(askAs(caller.provenance("req_agent"), find)).contains("session_not_found");
    for (var tool :
        List.of("decide_action", "answer_question", "interrupt_run", "cancel_execution", "chat"))
      assertThat(askAs(caller.provenance("req_agent"), "\"name\": \"%s\"".formatted(tool)))
          .contains("This caller has no tool " + tool);
    var costs = askAs(caller.provenance("req_agent"), "\"name\": \"get_costs\"");
    assertThat(costs).contains("usage:read").contains("\"isError\":true");

    var byAgent = new Actor(Actor.ActorType.AGENT, AgentId.next().value());
    var delegated =
        new Provenance(
            caller.tenant(), byAgent, caller.credential(), "req_agent", RequestSource.NONE);
    assertThat(askAs(delegated, find)).contains("a run whose query an active user sent");
    var otherTenant =
        new Provenance(
            TenantId.next(), caller.actor(), caller.credential(), "req_agent", RequestSource.NONE);
    assertThat(askAs(otherTenant, find)).contains("a run whose query an active user sent");
  }

  /** Channels act for contacts. */
  @Test
  void agentThatAnswersAContactHasOneToolOnly() {
    var owner = fixture.operator.provenance("req_agent");
    var channel =
        new Provenance(
            owner.tenant(),
            new Actor(Actor.ActorType.CHANNEL, ChannelId.next().value()),
            owner.credential(),
            "req_agent",
            RequestSource.NONE);
    assertThat(ask(channel, message("\"id\": 1, \"method\": \"tools/list\"")))
        .contains("\"name\":\"escalate\"")
        .doesNotContain("list_sessions", "open_session");
    var session = server.openSession();
    assertThat(
            askAs(
                channel,
                "\"name\": \"get_session\", \"arguments\": {\"session_id\": \"%s\"}"
                    .formatted(session)))
        .contains("This caller has no tool get_session");
    assertThat(
            ask(
                channel,
                message(
                    "\"id\": 1, \"method\": \"resources/read\", \"params\":"
                        + " {\"uri\": \"agentledger://sessions/%s\"}".formatted(session))))
        .contains("a run whose query an active user sent");
    assertThat(askAs(owner, "\"name\": \"escalate\", \"arguments\": {\"reason\": \"angry\"}"))
        .contains("This caller has no tool escalate");
    assertThat(askAs(channel, "\"name\": \"escalate\", \"arguments\": {\"reason\": \"angry\"}"))
        .as("its session answers no chat")
        .contains("\"isError\":true");
  }

  private static String askAs(Provenance initiator, String params) {
    return ask(
        initiator, message("\"id\": 1, \"method\": \"tools/call\", \"params\": {" + params + "}"));
  }

  private static String ask(Provenance initiator, String request) {
    return server
        .bean(PlatformServer.class)
        .answer(new PlatformServer.Client(AgentId.next(), SessionId.next()), initiator, request)
        .toCompletableFuture()
        .join();
  }

  private static HttpResponse<String> post(String body, String... headers) {
    var request =
        server
            .request("/mcp")
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream");
    if (headers.length > 0) request.headers(headers);
    return server.send(request.POST(BodyPublishers.ofString(body)));
  }

  private static String message(String rest) {
    return "{\"jsonrpc\": \"2.0\", " + rest + "}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [{"jsonrpc": "2.0", "id": 1, "method": "ping"}] | 400
          {"id": 1, "method": "ping"}                     | 400
          {"jsonrpc": "2.0", "id": null, "method": "ping"} | 400
          {"jsonrpc": "2.0", "id": 1}                     | 400
          {"jsonrpc": "2.0", "id": 1, "method": "ping     | 400
          {"jsonrpc": "2.0", "method": "notifications/x"} | 202
          {"jsonrpc": "2.0", "id": 1, "result": {}}       | 202
          """)
  void onlySingleMessagesOfJsonRpcAreAccepted(String body, int status) {
    var response = post(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "method": "no/such"                                                 | -32601
          "method": "tools/call", "params": {"name": "no_such"}               | -32602
          "method": "tools/call", "params": {"name": 5, "arguments": []}      | -32602
          "method": "tools/call", "params": [1]                               | -32602
          "method": "resources/read", "params": {"uri": "file:///etc/passwd"} | -32002
          """)
  void unknownMethodsAndInvalidParametersAreErrorsOfTheProtocol(String rest, int code) {
    var response = post(message("\"id\": \"a\", " + rest));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(ApiTestServer.json(response).at("/error/code").asInt())
        .as(response.body())
        .isEqualTo(code);
    assertThat(ApiTestServer.json(response).path("id").asString()).isEqualTo("a");
  }

  @Test
  void everyMessageIsAuthenticatedAndNoSessionIsTrusted() {
    var ping = message("\"id\": 1, \"method\": \"ping\"");
    var plain = HttpRequest.newBuilder(server.uri("/mcp"));
    plain.header("Content-Type", "application/json");
    plain.header("Mcp-Session-Id", "someone-elses");
    assertThat(server.send(plain.POST(BodyPublishers.ofString(ping))).statusCode()).isEqualTo(401);

    var answered = post(ping, "Mcp-Session-Id", "someone-elses");
    assertThat(answered.statusCode()).isEqualTo(200);
    assertThat(answered.headers().firstValue("Mcp-Session-Id")).isEmpty();
    assertThat(post(ping, "MCP-Protocol-Version", "1999-01-01").statusCode()).isEqualTo(400);
    assertThat(post(ping, "Origin", "https://page.example").statusCode()).isEqualTo(403);
    var huge = message("\"id\": 1, \"method\": \"ping\", \"params\": {\"a\": \"%s\"}");
    assertThat(post(huge.formatted("x".repeat(1024 * 1024))).statusCode()).isEqualTo(413);
    for (var method : new String[] {"GET", "DELETE"}) {
      var response = server.send(server.request("/mcp").method(method, BodyPublishers.noBody()));
      assertThat(response.statusCode()).isEqualTo(405);
    }
  }
}
