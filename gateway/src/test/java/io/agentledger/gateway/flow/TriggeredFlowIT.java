package io.agentledger.gateway.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.WebhookFixture;
import io.agentledger.store.TestInstallation;
import io.agentledger.store.flow.GitHubStandIn;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Flows that webhooks start and comments decide about, with the real CLI; GitHub is recorded. */
class TriggeredFlowIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String PLAN = "```rehearsal\n- say: \"1. Write a.txt.\"\n```\n";
  private static final String WORK =
      """
      ```rehearsal
      - calls:
          - {tool: Write, input: {file_path: "{{cwd}}/a.txt", content: "done"}}
      - say: "Wrote a.txt."
      ```
      """;

  /** Account of the owner of the flows. */
  private static final String ADA = "583231";

  private static final String STRANGER = "1";
  private static final AtomicInteger issues = new AtomicInteger();
  private static final RecordingProvider provider = new RecordingProvider();
  private static Path home;
  private static GitHubStandIn gitHub;
  private static ApiTestServer server;
  private static WebhookFixture webhooks;
  private static String secret;
  private static String owner;

  @BeforeAll
  static void open(@TempDir Path served) throws Exception {
    home = TestInstallation.newHome();
    gitHub = new GitHubStandIn(served);
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
    webhooks = new WebhookFixture(server);
    secret = webhooks.secret(WebhookFixture.SECRET);
    owner = webhooks.get("/api/v1/auth/me").at("/user/id").asString();
    webhooks.post("/api/v1/source-identities", identity(ADA), 201);
  }

  @AfterAll
  static void close() {
    server.close();
    gitHub.close();
    TestInstallation.cleanUp(home);
  }

  private static String identity(String account) {
    return "{\"provider\": \"github\", \"account_id\": \"%s\", \"user_id\": \"%s\"}"
        .formatted(account, owner);
  }

  private static String task(String prompt) {
    return "{\"name\": \"Step\", \"retry\": {\"max_attempts\": 1}, \"prompt\": %s}"
        .formatted(JsonMapper.shared().writeValueAsString(prompt));
  }

  private static String taskId(String prompt) {
    return webhooks.post("/api/v1/tasks", task(prompt), 201).path("id").asString();
  }

  private static String definition(String work, String plan, String more) {
    return """
    {"name": "Issues", "provider": "github", "task_id": "%s",
     "condition": "event.type == 'issues.opened'",
     "signature": {"scheme": "github", "secrets": [%s]},
     "flow": {"plan": {"task_id": "%s"} %s}}"""
        .formatted(work, secret, plan, more);
  }

  private static String reply() {
    return ", \"reply\": {\"credential\": " + secret + "}";
  }

  private static JsonNode trigger() {
    return webhooks.post(
        WebhookFixture.TRIGGERS, definition(taskId(WORK), taskId(PLAN), reply()), 201);
  }

  private static String opened(int issue) {
    return """
    {"action": "opened", "repository": {"full_name": "octo/hello"},
     "issue": {"number": %d, "title": "It fails", "body": "It does.", "id": %d,
       "html_url": "https://github.com/octo/hello/issues/%d"},
     "sender": {"login": "eve", "id": 1}}"""
        .formatted(issue, System.nanoTime(), issue);
  }

  private static String comment(
      int issue, String action, String author, String sender, Instant at, String text) {
    return """
    {"action": "%s", "repository": {"full_name": "octo/hello"},
     "issue": {"number": %d, "title": "It fails", "body": "It does."},
     "comment": {"id": %d, "body": %s, "created_at": "%s",
       "user": {"login": "ada", "id": %s}},
     "sender": {"login": "ada", "id": %s}}"""
        .formatted(
            action,
            issue,
            System.nanoTime(),
            JsonMapper.shared().writeValueAsString(text),
            at,
            author,
            sender);
  }

  private static String comment(int issue, String author, String text) {
    return comment(issue, "created", author, author, Instant.now(), text);
  }

  private static String deliver(JsonNode trigger, String event, String body) throws Exception {
    var request = webhooks.octokitWebhook(trigger, event, body);
    var receipt = WebhookFixture.assertStatus(server.send(request), 202);
    return WebhookFixture.deliveryPath(trigger, receipt);
  }

  /** Sends a comment that must change nothing. */
  private static void assertIgnored(JsonNode trigger, String body, String reason) throws Exception {
    var delivery = webhooks.awaitStatus(deliver(trigger, "issue_comment", body), "ignored");
    assertThat(delivery.at("/outcome/reason").asString()).as(body).isEqualTo(reason);
  }

  /** Starts a flow by an issue, and waits for its plan. */
  private static JsonNode awaitPlan(JsonNode trigger, int issue) throws Exception {
    var delivery = webhooks.awaitStatus(deliver(trigger, "issues", opened(issue)), "flow_started");
    var flow = "/api/v1/flows/" + delivery.at("/outcome/flow_id").asString();
    return webhooks.awaitStatus(flow, "awaiting_approval");
  }

  private static String path(JsonNode flow) {
    return "/api/v1/flows/" + flow.path("id").asString();
  }

  private static JsonNode execution(JsonNode flow, String step) {
    return webhooks.get("/api/v1/executions/" + flow.at("/" + step + "/execution_id").asString());
  }

  @Test
  void issueStartsAFlowAndTheCommentOfAMappedUserApprovesItsPlan() throws Exception {
    var trigger = trigger();
    assertThat(trigger.at("/flow/approval/required").asBoolean()).isTrue();
    int issue = issues.incrementAndGet();
    var flow = awaitPlan(trigger, issue);
    assertThat(flow.at("/origin/trigger_id")).isEqualTo(trigger.path("id"));
    assertThat(flow.at("/origin/delivery_id").asString()).startsWith("ind_");
    assertThat(flow.at("/source/project").asString()).isEqualTo("octo/hello");
    assertThat(flow.at("/source/item").asString()).isEqualTo("" + issue);
    var marker = "<!-- agentledger:" + flow.path("id").asString() + " -->";
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(provider.comments.get(marker))
                    .contains("comment `@agent approve " + flow.path("id").asString() + "`"));
    var plan = execution(flow, "plan");
    assertThat(plan.at("/trigger/type").asString()).isEqualTo("webhook");
    assertThat(plan.at("/trigger/flow_id")).isEqualTo(flow.path("id"));
    assertThat(
            webhooks
                .get("/api/v1/sessions/" + plan.path("session_id").asString() + "/messages")
                .toString())
        .contains("come from outside", "title: <untrusted-");

    assertIgnored(trigger, comment(issue, STRANGER, "@agent approve"), "not_permitted");
    assertIgnored(trigger, comment(issue + 1000, ADA, "@agent approve"), "nothing_to_decide");
    assertIgnored(trigger, comment(issue, ADA, "Should I?\n@agent approve"), "condition");
    var body = comment(issue, ADA, "@agent approve\nIt is small.");
    var decided = webhooks.awaitStatus(deliver(trigger, "issue_comment", body), "decided");
    assertThat(decided.at("/outcome/flow_id")).isEqualTo(flow.path("id"));
    var done = webhooks.awaitStatus(path(flow), "succeeded");
    var step =
        done.path("steps")
            .valueStream()
            .filter(known -> known.path("kind").asString().equals("approved"))
            .findFirst()
            .orElseThrow();
    assertThat(step.at("/actor/id").asString()).isEqualTo(owner);
    assertThat(step.at("/from/delivery_id")).isEqualTo(decided.path("id"));
    assertThat(step.at("/from/source_identity_id").asString()).startsWith("sid_");
    assertThat(step.path("text").asString()).isEqualTo("It is small.");
    var audited = "/api/v1/audit?action=FlowApproved&resource_id=" + flow.path("id").asString();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(webhooks.get(audited).at("/items/0/actor").asString())
                    .isEqualTo("user:" + owner));
    var work = execution(flow, "work");
    var session = "/api/v1/sessions/" + work.path("session_id").asString();
    assertThat(server.get(session + "/files/content?path=a.txt").body()).isEqualTo("done");
    assertThat(webhooks.get(session + "/messages").toString())
        .contains("1. Write a.txt.")
        .doesNotContain("It fails");
    assertThat(
            webhooks
                .post("/api/v1/executions/" + work.path("id").asString() + "/retry", "", 409)
                .path("code")
                .asString())
        .isEqualTo("execution_of_trigger");
  }

  @Test
  void commentsThatCouldBeForgedDecideNothing() throws Exception {
    var trigger = trigger();
    int issue = issues.incrementAndGet();
    var flow = awaitPlan(trigger, issue);
    var now = Instant.now();
    for (var body :
        List.of(
            comment(issue, "edited", ADA, STRANGER, now, "@agent approve"),
            comment(issue, "edited", ADA, ADA, now, "@agent approve"),
            comment(issue, "created", ADA, STRANGER, now, "@agent approve"),
            comment(issue, "created", ADA, ADA, now.minusSeconds(3600), "@agent approve"),
            comment(issue, "\"" + owner + "\"", "@agent approve")))
      assertIgnored(trigger, body, "not_permitted");

    var unsigned =
        webhooks.post(
            WebhookFixture.TRIGGERS,
            """
            {"name": "Unsigned", "provider": "github", "task_id": "%1$s",
             "signature": {"scheme": "none"}, "flow": {"plan": {"task_id": "%1$s"}}}"""
                .formatted(
                    webhooks.task(
                        "\"prompt\": \"hello\","
                            + " \"session\": {\"options\": {\"tools\": [\"Read\"]}}")),
            201);
    assertIgnored(unsigned, comment(issue, ADA, "@agent approve"), "not_permitted");

    var bob = member();
    var task = postAs(bob, "/api/v1/tasks", task(PLAN)).path("id").asString();
    var forged = postAs(bob, WebhookFixture.TRIGGERS, definition(task, task, ""));
    var body = comment(issue, ADA, "@agent approve");
    var request = webhooks.gitHubWebhook(forged, "issue_comment", body, "forged");
    var receipt = WebhookFixture.assertStatus(server.send(request), 202);
    var delivery = webhooks.awaitStatus(WebhookFixture.deliveryPath(forged, receipt), "ignored");
    assertThat(delivery.at("/outcome/reason").asString()).isEqualTo("not_permitted");
    var refused =
        server.send(
            server
                .requestAs(bob, WebhookFixture.TRIGGERS)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(definition(task, task, reply()))));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);

    assertThat(webhooks.get(path(flow)).path("status").asString()).isEqualTo("awaiting_approval");
    webhooks.post("/api/v1/source-identities", identity("ada"), 400);
    deliver(trigger, "issue_comment", comment(issue, ADA, "@agent reject Too large."));
    webhooks.awaitStatus(path(flow), "rejected");
    assertIgnored(trigger, comment(issue, ADA, "@agent approve"), "nothing_to_decide");
  }

  @Test
  void eachStepIsLimitedAsTheExecutionOfAWebhook() throws Exception {
    var work = taskId(WORK);
    var automatic = ", \"approval\": {\"required\": false}";
    var trigger =
        webhooks.post(WebhookFixture.TRIGGERS, definition(work, taskId(PLAN), automatic), 201);
    webhooks.post(
        "/api/v1/policies",
        """
        {"name": "Outside", "scope": {"type": "trigger", "trigger_id": "%s"},
         "rules": [{"name": "no-write", "effect": "deny", "tools": ["Write"]}]}"""
            .formatted(trigger.path("id").asString()),
        201);
    var delivery =
        webhooks.awaitStatus(
            deliver(trigger, "issues", opened(issues.incrementAndGet())), "flow_started");
    var flow = "/api/v1/flows/" + delivery.at("/outcome/flow_id").asString();
    var done = webhooks.awaitStatus(flow, "succeeded");
    var session = "/api/v1/sessions/" + done.at("/work/session_id").asString();
    var calls = webhooks.get(session + "/tool-calls").path("items");
    assertThat(calls.size()).isEqualTo(1);
    assertThat(calls.get(0).path("verdict").asString()).isEqualTo("denied");
    assertThat(calls.get(0).toString()).contains("no-write");
  }

  @Tag("exhaustive")
  @Test
  void flowPublishesToItsRepositoryUnlessTheWorkspaceIsOfAnother() throws Exception {
    var token = put("git", gitHub.url(), GitHubStandIn.TOKEN);
    var work =
        webhooks.task(
            "\"prompt\": %s, \"session\": {\"workspace\": {\"type\": \"git\", \"url\": \"%s\", \"credential\": %s}}"
                .formatted(
                    JsonMapper.shared().writeValueAsString(WORK), gitHub.repositoryUrl(), token));
    var repository =
        ", \"approval\": {\"required\": false}, \"repository\": {\"base_branch\": \"main\","
            + " \"url\": \""
            + gitHub.repositoryUrl()
            + "\", \"credential\": "
            + token
            + "}";
    var trigger =
        webhooks.post(WebhookFixture.TRIGGERS, definition(work, taskId(PLAN), repository), 201);
    int issue = issues.incrementAndGet();
    var done = webhooks.awaitStatus(path(awaitStarted(trigger, issue)), "succeeded");
    assertThat(done.path("pull_request_url").asString()).contains("/pull/");

    var other =
        "{\"name\": \"Step\", \"prompt\": \"hello\", \"session\": {\"workspace\": {\"type\":"
            + " \"git\", \"url\": \"https://example.com/acme/other.git\"}}}";
    change(work, other);
    var failed = webhooks.awaitStatus(deliver(trigger, "issues", opened(issue)), "failed");
    assertThat(failed.at("/outcome/code").asString()).isEqualTo("repository_mismatch");
  }

  /** Stores the token of a server in a vault, and returns its reference. */
  private static String put(String name, String url, String token) {
    var vault =
        webhooks
            .post("/api/v1/vaults", "{\"name\": \"" + UUID.randomUUID() + "\"}", 201)
            .path("id")
            .asString();
    var body =
        "{\"type\": \"static_bearer\", \"url\": \"%s\", \"token\": \"%s\"}".formatted(url, token);
    var response =
        server.send(
            server
                .request("/api/v1/vaults/" + vault + "/secrets/" + name)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body)));
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 204);
    return "{\"vault_id\": \"%s\", \"name\": \"%s\"}".formatted(vault, name);
  }

  private static void change(String task, String body) {
    WebhookFixture.assertStatus(
        server.send(
            server
                .request("/api/v1/tasks/" + task)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"1\"")
                .PUT(BodyPublishers.ofString(body))),
        200);
  }

  @Test
  void helpIsAnsweredOnceForEachDeliveryAndNotWithoutLimit() throws Exception {
    var trigger = trigger();
    int issue = issues.incrementAndGet();
    var asked = comment(issue, STRANGER, "@agent help");
    var answered = webhooks.awaitStatus(deliver(trigger, "issue_comment", asked), "answered");
    var marker = "<!-- agentledger:" + answered.path("id").asString() + " -->";
    assertThat(provider.comments.get(marker)).contains("`@agent approve`", "`@agent help`");
    assertIgnored(trigger, comment(issue, STRANGER, "@agent help\n\n" + marker), "own_activity");
    for (int i = 1; i < 20; i++)
      webhooks.awaitStatus(
          deliver(trigger, "issue_comment", comment(issue, STRANGER, "@agent help")), "answered");
    assertIgnored(trigger, comment(issue, ADA, "@agent help"), "too_many_replies");
    assertThat(provider.comments.values().stream().filter(text -> text.contains("`: this list")))
        .hasSize(20);
  }

  @Tag("exhaustive")
  @Test
  void openFlowExcludesAnotherOfItsKeyIfThePolicyRefusesItOrADeliveryIsProcessedAgain()
      throws Exception {
    var refusing = "{\"concurrency\": \"refuse\",";
    var trigger =
        webhooks.post(
            WebhookFixture.TRIGGERS,
            definition(taskId(WORK), taskId(PLAN), "").replaceFirst("\\{", refusing),
            201);
    int issue = issues.incrementAndGet();
    var open = awaitPlan(trigger, issue);
    var second = webhooks.awaitStatus(deliver(trigger, "issues", opened(issue)), "failed");
    assertThat(second.at("/outcome/code").asString()).isEqualTo("flow_open");
    assertThat(second.at("/outcome/message").asString()).contains(open.path("id").asString());
    var queueing =
        webhooks.post(WebhookFixture.TRIGGERS, definition(taskId(WORK), taskId(PLAN), ""), 201);
    int other = issues.incrementAndGet();
    var first = awaitPlan(queueing, other);
    var delivery =
        WebhookFixture.TRIGGERS
            + "/"
            + queueing.path("id").asString()
            + "/deliveries/"
            + first.at("/origin/delivery_id").asString();
    webhooks.post(delivery + "/redeliver", "", 202);
    var again = webhooks.awaitStatus(delivery, "failed");
    assertThat(again.at("/outcome/code").asString()).isEqualTo("flow_open");
    server.post(path(open) + "/cancel", "");
    server.post(path(first) + "/cancel", "");
    webhooks.awaitStatus(path(first), "cancelled");
    webhooks.post(delivery + "/redeliver", "", 202);
    var third = webhooks.awaitStatus(delivery, "flow_started");
    var flow = "/api/v1/flows/" + third.at("/outcome/flow_id").asString();
    server.post(flow + "/cancel", "");
  }

  @Test
  void withoutASignatureAFlowWhoseAgentDoesMoreThanReadFails() throws Exception {
    var fields = "\"prompt\": \"hello\", \"session\": {\"options\": {\"tools\": [%s]}}";
    var task = webhooks.task(fields.formatted("\"Read\""));
    var trigger =
        webhooks.post(
            WebhookFixture.TRIGGERS,
            """
            {"name": "Unsigned", "provider": "github", "task_id": "%s",
             "signature": {"scheme": "none"}, "flow": {}}"""
                .formatted(task),
            201);
    var changed = "{\"name\": \"Answer\", " + fields.formatted("\"Bash\"") + "}";
    change(task, changed);
    var request =
        webhooks
            .webhook(trigger.path("path").asString(), opened(issues.incrementAndGet()))
            .header("X-GitHub-Event", "issues")
            .header("X-GitHub-Delivery", UUID.randomUUID().toString());
    var receipt = WebhookFixture.assertStatus(server.send(request), 202);
    var delivery =
        webhooks.awaitStatus(WebhookFixture.deliveryPath(trigger, receipt), "flow_started");
    var flow = "/api/v1/flows/" + delivery.at("/outcome/flow_id").asString();
    var failed = webhooks.awaitStatus(flow, "failed");
    assertThat(failed.at("/error/message").asString()).contains("agent_not_read_only");
  }

  @Test
  void laterDeliveryReplacesAFlowThatWaits() throws Exception {
    var waits = webhooks.task("\"prompt\": \"scenario: question\"");
    var trigger =
        webhooks.post(
            WebhookFixture.TRIGGERS,
            definition(taskId(WORK), waits, "").replaceFirst("\\{", "{\"concurrency\": \"merge\","),
            201);
    int issue = issues.incrementAndGet();
    var first = awaitStarted(trigger, issue);
    var execution = "/api/v1/executions/" + first.at("/plan/execution_id").asString();
    await().atMost(TIMEOUT).until(() -> server.get(execution).statusCode() == 200);
    webhooks.awaitStatus(execution, "waiting");
    var second = awaitStarted(trigger, issue);
    var third = awaitStarted(trigger, issue);
    var merged = WebhookFixture.TRIGGERS + "/" + trigger.path("id").asString();
    webhooks.awaitStatus(
        merged + "/deliveries/" + second.at("/origin/delivery_id").asString(), "merged");
    webhooks.awaitStatus(path(second), "cancelled");
    assertThat(webhooks.get(path(first)).path("status").asString()).isEqualTo("planning");
    assertThat(webhooks.get(path(third)).path("status").asString()).isEqualTo("planning");
    server.post(path(third) + "/cancel", "");
    server.post(execution + "/cancel", "");
    webhooks.awaitStatus(path(first), "cancelled");
  }

  private static JsonNode awaitStarted(JsonNode trigger, int issue) throws Exception {
    var delivery = webhooks.awaitStatus(deliver(trigger, "issues", opened(issue)), "flow_started");
    return webhooks.get("/api/v1/flows/" + delivery.at("/outcome/flow_id").asString());
  }

  @Test
  void flowOfATriggerIsCheckedWhenItIsSaved() throws Exception {
    var work = taskId(WORK);
    var plan = taskId(PLAN);
    var template =
        webhooks
            .post(
                "/api/v1/templates",
                """
                {"name": "Other repository", "prompt": "hello", "session":
                  {"workspace": {"type": "git", "url": "https://example.com/acme/other.git"}}}""",
                201)
            .path("id")
            .asString();
    var session = "\"session\": {\"template_id\": \"" + template + "\"}";
    var bare = webhooks.task(session);
    var ofTemplate = webhooks.task("\"prompt\": \"hello\", " + session);
    var clone =
        webhooks.task(
            "\"prompt\": \"hello\", \"session\": {\"workspace\": {\"type\": \"git\","
                + " \"url\": \"https://example.com/acme/other.git\"}}");
    var repository =
        ", \"repository\": {\"url\": \"https://example.com/acme/app.git\","
            + " \"base_branch\": \"main\", \"credential\": "
            + secret
            + "}";
    var bad =
        Map.of(
            definition(bare, plan, ""), "/task_id",
            definition(clone, plan, repository), "/flow/repository/url",
            definition(ofTemplate, plan, repository), "/flow/repository/url",
            definition(work, plan, repository), "/flow/repository/url",
            definition(work, plan, reply()).replace("\"github\", \"task", "\"jira\", \"task"),
                "/flow/reply/api_url",
            definition(work, plan, "")
                    .replace("\"} }}", "\", \"variables\": {\"lost\": \"x\"}} }}"),
                "/flow/plan/variables/lost",
            definition(work, plan, reply()).replace("\"github\", \"task", "\"own\", \"task"),
                "/flow/reply",
            definition(work, plan, ", \"approval\": {\"timeout_seconds\": 1}"),
                "/flow/approval/timeout_seconds",
            definition(work, plan, "")
                    .replaceFirst("\\{", "{\"commands\": [{\"name\": \"approve\"}],"),
                "/commands/0");
    bad.forEach(
        (body, pointer) ->
            assertThat(
                    webhooks
                        .post(WebhookFixture.TRIGGERS, body, 400)
                        .at("/errors/0/pointer")
                        .asString())
                .as(body)
                .isEqualTo(pointer));
    var started =
        webhooks.post(
            "/api/v1/flows",
            "{\"work\": {\"task_id\": \"" + ofTemplate + "\"}" + repository + "}",
            400);
    assertThat(started.at("/errors/0/pointer").asString()).isEqualTo("/repository/url");
  }

  private static String member() {
    var email = UUID.randomUUID() + "@example.com";
    var invited =
        webhooks.post(
            "/api/v1/invitations",
            "{\"email\": \"%s\", \"role\": \"member\"}".formatted(email),
            201);
    webhooks.post(
        "/api/v1/invitations/accept",
        "{\"token\": \"%s\", \"name\": \"Bob\", \"password\": \"a password of twelve\"}"
            .formatted(invited.path("token").asString()),
        201);
    var login = "{\"email\": \"%s\", \"password\": \"a password of twelve\"}".formatted(email);
    return webhooks.post("/api/v1/auth/login", login, 200).path("access_token").asString();
  }

  private static JsonNode postAs(String token, String path, String body) {
    var request = server.requestAs(token, path).header("Content-Type", "application/json");
    return WebhookFixture.assertStatus(
        server.send(request.POST(BodyPublishers.ofString(body))), 201);
  }
}
