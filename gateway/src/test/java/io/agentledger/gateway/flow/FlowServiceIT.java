package io.agentledger.gateway.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.flow.FlowCommand.DecideFlowFromSource;
import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowQuery.ListFlowsToDecide;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.flow.provider.ProviderClient;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.store.TestInstallation;
import io.agentledger.store.flow.GitHubStandIn;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Flows with the real CLI and the rehearsal model; the provider is recorded. */
class FlowServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String FLOWS = "/api/v1/flows";
  private static final String WRITE_PLAN =
      """
      - calls:
          - {tool: Write, input: {file_path: "{{cwd}}/plan/PLAN.md", content: "1. Write a.txt."}}
      - say: "The plan has one step."
      """;
  private static final String WRITE_FILE =
      """
      - calls:
          - {tool: Write, input: {file_path: "{{cwd}}/a.txt", content: "done"}}
      - say: "Wrote a.txt."
      """;

  private static final RecordingProvider provider = new RecordingProvider();
  private static Path home;
  private static ApiTestServer server;
  private static GitHubStandIn gitHub;
  private static String vault;

  @BeforeAll
  static void open(@TempDir Path served) throws Exception {
    home = TestInstallation.newHome();
    gitHub = new GitHubStandIn(served);
    start();
    vault =
        assertStatus(server.post("/api/v1/vaults", "{\"name\": \"flows\"}"), 201)
            .path("id")
            .asString();
    var secret =
        server.send(
            server
                .request("/api/v1/vaults/" + vault + "/secrets/github")
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofString(
                        "{\"type\": \"static_bearer\", \"url\": \"%s\", \"token\": \"%s\"}"
                            .formatted(gitHub.url(), GitHubStandIn.TOKEN))));
    assertThat(secret.statusCode()).as(secret.body()).isBetween(200, 204);
  }

  private static void start() throws Exception {
    server =
        ApiTestServer.openService(
            home,
            context ->
                context.registerBean(
                    "recordingProvider",
                    RecordingProvider.class,
                    () -> provider,
                    bean -> bean.setPrimary(true)),
            "--agentledger.outbound.ports=" + gitHub.port(),
            "--agentledger.outbound.allowed-networks=127.0.0.1/32",
            "--agentledger.git.allow-http=true",
            "--agentledger.quota.user.calls-per-minute=100000",
            "--agentledger.quota.user.calls-per-hour=1000000",
            "--agentledger.quota.user.sessions=100");
    assertThat(server.bean(ProviderClient.class)).isSameAs(provider);
  }

  @AfterAll
  static void close() {
    server.close();
    gitHub.close();
    TestInstallation.cleanUp(home);
  }

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static JsonNode get(String path) {
    return assertStatus(server.get(path), 200);
  }

  /** Creates a task with a prompt, and returns its id. */
  private static String task(String name, String prompt) {
    return task(name, prompt, Map.of());
  }

  private static String task(String name, String prompt, Map<String, Object> session) {
    var retry = Map.of("max_attempts", 1);
    var body =
        JsonMapper.shared()
            .writeValueAsString(
                Map.of("name", name, "prompt", prompt, "retry", retry, "session", session));
    return assertStatus(server.post("/api/v1/tasks", body), 201).path("id").asString();
  }

  private static String script(String steps) {
    return "```rehearsal\n" + steps + "```\n";
  }

  private static String planTask() {
    return task("Plan", script(WRITE_PLAN));
  }

  private static String workTask() {
    return task("Work", script(WRITE_FILE));
  }

  /** Creates a task that works in a clone of the repository. */
  private static String cloneTask() {
    var workspace =
        Map.of(
            "type", "git",
            "url", gitHub.repositoryUrl(),
            "credential", Map.of("vault_id", vault, "name", "github"));
    return task("Work", script(WRITE_FILE), Map.of("workspace", workspace));
  }

  private static JsonNode start(String plan, String work, String more) {
    var body =
        "{"
            + (plan.isEmpty() ? "" : "\"plan\": {\"task_id\": \"" + plan + "\"}, ")
            + "\"work\": {\"task_id\": \""
            + work
            + "\"}"
            + more
            + "}";
    return assertStatus(server.post(FLOWS, body), 202);
  }

  private static String source(String item) {
    return """
        , "source": {"provider": "github", "project": "acme/app", "item": "%s",
          "credential": {"vault_id": "%s", "name": "github"}}"""
        .formatted(item, vault);
  }

  private static String repository(String branch) {
    return """
        , "repository": {"url": "%s", "base_branch": "%s",
          "credential": {"vault_id": "%s", "name": "github"}}"""
        .formatted(gitHub.repositoryUrl(), branch, vault);
  }

  private static String path(JsonNode flow) {
    return FLOWS + "/" + flow.path("id").asString();
  }

  private static JsonNode awaitStatus(JsonNode flow, String status) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(get(path(flow)).path("status").asString())
                    .as(get(path(flow)).toString())
                    .isEqualTo(status));
    return get(path(flow));
  }

  private static List<String> kinds(JsonNode flow) {
    return get(path(flow))
        .path("steps")
        .valueStream()
        .map(step -> step.path("kind").asString())
        .filter(kind -> !kind.equals("replied"))
        .toList();
  }

  private static String marker(JsonNode flow) {
    return "<!-- agentledger:" + flow.path("id").asString() + " -->";
  }

  private static void awaitComment(JsonNode flow, String text) {
    await()
        .atMost(TIMEOUT)
        .untilAsserted(() -> assertThat(provider.comments.get(marker(flow))).contains(text));
  }

  private static TenantId tenant() {
    return new TenantId(
        server
            .bean(JdbcClient.class)
            .sql("select tenant from identity_user limit 1")
            .query(String.class)
            .single());
  }

  @Test
  void flowGoesFromThePlanOverTheApprovalToThePullRequest() {
    var flow =
        awaitStatus(
            start(planTask(), cloneTask(), source("1") + repository("main")), "awaiting_approval");
    assertThat(get(path(flow) + "/plan").path("text").asString()).isEqualTo("1. Write a.txt.");
    awaitComment(flow, "agentledger flows approve");
    assertThat(provider.comments.get(marker(flow))).contains("```text\n1. Write a.txt.\n```");
    var approved =
        assertStatus(server.post(path(flow) + "/approve", "{\"reason\": \"small\"}"), 200);
    assertThat(approved.path("status").asString()).isIn("executing", "publishing", "succeeded");
    assertStatus(server.post(path(flow) + "/approve", ""), 200);
    assertThat(assertStatus(server.post(path(flow) + "/reject", ""), 409).path("code").asString())
        .isEqualTo("flow_not_awaiting_approval");

    var done = awaitStatus(flow, "succeeded");
    assertThat(kinds(done))
        .containsExactly(
            "started",
            "session_started",
            "session_ended",
            "approval_requested",
            "approved",
            "session_started",
            "session_ended",
            "publishing_started",
            "branch_pushed",
            "pull_request_opened",
            "succeeded");
    var decision =
        done.path("steps")
            .valueStream()
            .filter(step -> step.path("kind").asString().equals("approved"))
            .findFirst()
            .orElseThrow();
    assertThat(decision.at("/actor/id").asString()).isEqualTo(done.path("owner").asString());
    assertThat(decision.at("/from/ip").asString()).isEqualTo("127.0.0.1");
    assertThat(decision.path("text").asString()).isEqualTo("small");
    assertThat(done.path("pull_request_url").asString())
        .isEqualTo("https://example.com/acme/app/pull/7");
    var session = "/api/v1/sessions/" + done.at("/work/session_id").asString();
    assertThat(server.get(session + "/files/content?path=a.txt").body()).isEqualTo("done");
    var prompts = get(session + "/messages").toString();
    assertThat(prompts).contains("----- plan of " + done.path("id").asString(), "1. Write a.txt.");
    var execution = get("/api/v1/executions/" + done.at("/work/execution_id").asString());
    assertThat(execution.at("/trigger/flow_id")).isEqualTo(done.path("id"));
    awaitComment(flow, "Pull request: https://example.com/acme/app/pull/7");
    assertThat(provider.comments.get(marker(flow))).contains("Wrote a.txt.");
    assertThat(provider.pushes.stream().filter(provider.pullRequests::contains)).hasSize(1);
  }

  @Test
  void planWithoutAFileIsTheResultAndNeedsNoApprovalIfNoneIsRequired() {
    var flow =
        start(
            task("Plan", script("- say: \"Just do it.\"\n")),
            workTask(),
            ", \"approval\": {\"required\": false}");
    var done = awaitStatus(flow, "succeeded");
    assertThat(get(path(flow) + "/plan").path("text").asString()).isEqualTo("Just do it.");
    assertThat(kinds(done)).doesNotContain("approval_requested").contains("plan_ready");
    var list = get(FLOWS + "?status=succeeded&task_id=" + done.at("/work/task/task_id").asString());
    assertThat(list.at("/items/0/id")).isEqualTo(done.path("id"));
    assertThat(list.at("/items/0/steps")).isEmpty();
  }

  @Test
  void flowEndsIfNobodyDecides() {
    var flow =
        start(
            task("Plan", script("- say: \"A plan.\"\n")),
            workTask(),
            ", \"approval\": {\"timeout_seconds\": 10}");
    awaitStatus(flow, "awaiting_approval");
    var ended = awaitStatus(flow, "timed_out");
    assertThat(
            server
                .get("/api/v1/executions/" + ended.at("/work/execution_id").asString())
                .statusCode())
        .as("the work was never queued")
        .isEqualTo(404);
    assertStatus(server.post(path(flow) + "/approve", ""), 409);
  }

  @Test
  void rejectedAndFailedPlansEndTheFlow() {
    var rejected =
        awaitStatus(
            start(task("Plan", script("- say: \"A plan.\"\n")), workTask(), source("2")),
            "awaiting_approval");
    assertStatus(server.post(path(rejected) + "/reject", "{\"reason\": \"too large\"}"), 200);
    awaitStatus(rejected, "rejected");
    awaitComment(rejected, "too large");

    var failed = awaitStatus(start(task("Plan", "scenario: error-401"), workTask(), ""), "failed");
    assertThat(failed.at("/error/code").asString()).isEqualTo("execution_failed");
    assertStatus(server.get(path(failed) + "/plan"), 409);
  }

  @Test
  void flowIsCancelledInEachStateWithItsExecutions() {
    var waiting = task("Waits", "scenario: question");
    var planning = start(waiting, workTask(), "");
    var executing = start("", waiting, "");
    for (var step : List.of("plan", "work")) {
      var flow = step.equals("plan") ? planning : executing;
      await().atMost(TIMEOUT).until(() -> !get(path(flow)).at("/" + step + "/session_id").isNull());
      assertStatus(server.post(path(flow) + "/cancel", ""), 200);
      awaitStatus(flow, "cancelled");
      var execution = "/api/v1/executions/" + flow.at("/" + step + "/execution_id").asString();
      await()
          .atMost(TIMEOUT)
          .until(() -> get(execution).path("status").asString().equals("cancelled"));
    }
    var undecided =
        awaitStatus(
            start(task("Plan", script("- say: \"A plan.\"\n")), workTask(), ""),
            "awaiting_approval");
    assertStatus(server.post(path(undecided) + "/cancel", ""), 200);
    awaitStatus(undecided, "cancelled");
    assertStatus(server.post(path(undecided) + "/cancel", ""), 200);
  }

  @Test
  void impossibleFlowIsRefusedWithTheFieldThatPreventsIt() {
    var work = workTask();
    var start = "{\"work\": {\"task_id\": \"" + work + "\"}";
    Map.of(
            start + repository("main") + "}", "/repository/url",
            start + source("1.5") + "}", "/source/item",
            start + source("1").replace("acme/app", "acme") + "}", "/source/project",
            start + source("AB-1").replace("github\", \"proj", "jira\", \"proj") + "}",
                "/source/project",
            start
                    + source("AB-1")
                        .replace("github\", \"proj", "jira\", \"proj")
                        .replace("acme/app", "AB")
                    + "}",
                "/source/api_url")
        .forEach(
            (body, pointer) ->
                assertThat(
                        assertStatus(server.post(FLOWS, body), 400)
                            .at("/errors/0/pointer")
                            .asString())
                    .as(body)
                    .isEqualTo(pointer));
    var lost = start + source("1").replace("name\": \"github", "name\": \"lost") + "}";
    assertThat(assertStatus(server.post(FLOWS, lost), 404).path("detail").asString())
        .contains("lost");
    var listed = assertStatus(server.get(FLOWS + "?trigger_id=x"), 400);
    assertThat(listed.at("/errors/0/parameter").asString()).isEqualTo("trigger_id");
  }

  @Test
  void branchOfAFailedFlowIsDeleted() {
    var flow = awaitStatus(start("", cloneTask(), source("3") + repository("locked")), "failed");
    await().atMost(TIMEOUT).until(() -> kinds(flow).contains("branch_deleted"));
    assertThat(provider.branches).doesNotContain("agentledger/" + flow.path("id").asString());
    awaitComment(flow, "The repository accepts no pull requests.");
  }

  @Tag("exhaustive")
  @Test
  void absentProviderDoesNotHoldTheFlowAndGetsTheLastStageLater() throws Exception {
    provider.absent.add("4");
    var flow = awaitStatus(start("", workTask(), source("4")), "succeeded");
    await().atMost(TIMEOUT).until(() -> provider.refusals.contains(marker(flow)));
    server.close(); // The job is stored, and another process continues it.
    start();
    provider.absent.remove("4");
    awaitComment(flow, "done");
    await()
        .atMost(TIMEOUT)
        .until(() -> get(path(flow)).path("steps").toString().contains("replied"));
    assertThat(provider.versions.stream().filter(text -> text.startsWith(marker(flow))))
        .as("one comment, posted once, with the last stage")
        .hasSize(1);
  }

  @Test
  void onlyMappedIdentitiesOfUsersWithTheRightDecide() {
    var flow =
        awaitStatus(
            start(task("Plan", script("- say: \"A plan.\"\n")), workTask(), source("5")),
            "awaiting_approval");
    assertThat(decideAs(flow, "1")).isFalse();
    var invited =
        assertStatus(
            server.post(
                "/api/v1/invitations", "{\"email\": \"bob@example.com\", \"role\": \"member\"}"),
            201);
    var bob =
        assertStatus(
            server.post(
                "/api/v1/invitations/accept",
                "{\"token\": \"%s\", \"name\": \"Bob\", \"password\": \"a password of twelve\"}"
                    .formatted(invited.path("token").asString())),
            201);
    map("2", bob.path("user_id").asString(), 201);
    assertThat(decideAs(flow, "2")).as("Bob may not see this flow").isFalse();
    assertThat(get(path(flow)).path("status").asString()).isEqualTo("awaiting_approval");

    var owner = flow.path("owner").asString();
    map("ada", owner, 400); // A login is not the id of an account.
    var mapped = map("583231", owner, 201);
    assertThat(mapped.path("account_id").asString()).isEqualTo("583231");
    assertThat(map("583231", owner, 201).path("id")).isEqualTo(mapped.path("id"));
    map("583231", bob.path("user_id").asString(), 409);
    assertThat(get("/api/v1/source-identities").path("items").toString())
        .contains(mapped.path("id").asString());
    assertThat(decideAs(flow, "583231")).isTrue();
    var done = awaitStatus(flow, "succeeded");
    var decision =
        done.path("steps")
            .valueStream()
            .filter(step -> step.path("kind").asString().equals("approved"))
            .findFirst()
            .orElseThrow();
    assertThat(decision.at("/from/source_identity_id")).isEqualTo(mapped.path("id"));
    assertThat(decision.at("/from/delivery_id").asString()).isEqualTo("ind_2222222222");
    var identity = "/api/v1/source-identities/" + mapped.path("id").asString();
    assertThat(server.send(server.request(identity).DELETE()).statusCode()).isEqualTo(204);
    assertStatus(server.get(identity), 404);
    assertThat(get("/api/v1/source-identities").path("items").toString())
        .doesNotContain(mapped.path("id").asString());
  }

  private static JsonNode map(String account, String user, int status) {
    var body =
        "{\"provider\": \"github\", \"account_id\": \"%s\", \"user_id\": \"%s\"}"
            .formatted(account, user);
    return assertStatus(server.post("/api/v1/source-identities", body), status);
  }

  /** Sends the decision as a trigger does that has received a comment of the identity. */
  private static boolean decideAs(JsonNode flow, String account) {
    var tenant = tenant();
    var found =
        server
            .bean(QueryGateway.class)
            .query(
                new GenericMessage<>(
                    new ListFlowsToDecide(tenant, SourceProvider.GITHUB, "acme/app", "5"),
                    MessageAuthorizer.SYSTEM),
                ResponseTypes.multipleInstancesOf(FlowId.class))
            .join();
    var id = new FlowId(flow.path("id").asString());
    assertThat(found).containsExactly(id);
    return server
        .bean(CommandGateway.class)
        .<Boolean>sendAndWait(
            GenericCommandMessage.asCommandMessage(
                    new DecideFlowFromSource(
                        id,
                        SourceProvider.GITHUB,
                        account,
                        Decision.APPROVE,
                        null,
                        Instant.now(),
                        "trg_2222222222",
                        "ind_2222222222",
                        new ExecutionPrincipal(
                            new UserId(flow.path("owner").asString()),
                            Role.MEMBER.scopes(),
                            false)))
                .withMetaData(Provenance.ofSystem(tenant, "req_2222222222").asMetadata()));
  }
}
