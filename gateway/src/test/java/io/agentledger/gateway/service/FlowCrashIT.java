package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.store.flow.GitBackend;
import io.agentledger.store.flow.GitHubStandIn;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Flows of the whole service with the real CLI, git's own server and a stand-in of GitHub: the
 * tests decide whether something is published, and a flow whose service is killed ({@code kill -9})
 * at each step is carried out once.
 */
class FlowCrashIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String FLOWS = "/api/v1/flows";
  private static final String ISSUE = "/repos/" + GitHubStandIn.REPOSITORY + "/issues/%s/comments";
  private static final String EDIT =
      "PATCH /repos/" + GitHubStandIn.REPOSITORY + "/issues/comments/.*";
  private static final String PULLS = "POST /repos/" + GitHubStandIn.REPOSITORY + "/pulls";
  private static final String PLAN =
      """
      ```rehearsal
      - calls:
          - {tool: Write, input: {file_path: "{{cwd}}/PLAN.md", content: "1. Write a.txt."}}
      - say: "The plan has one step."
      ```
      """;
  private static final String WORK =
      """
      ```rehearsal
      - calls:
          - {tool: Write, input: {file_path: "{{cwd}}/a.txt", content: "done"}}
      - calls:
          - {tool: Bash, input: {command: "%s", description: Runs the tests}}
      - say: "Wrote a.txt."
      ```
      """;

  @TempDir static Path directory;
  private static Path served;
  private static GitHubStandIn gitHub;

  /** Port of the example's own stand-in. */
  private static int examplePort;

  private static ServiceProcess service;
  private static RawApiClient api;
  private static String vault;

  @BeforeAll
  static void open() throws Exception {
    served = Files.createDirectory(directory.resolve("served"));
    gitHub = new GitHubStandIn(served);
    try (var socket = new ServerSocket(0)) {
      examplePort = socket.getLocalPort();
    }
    service =
        ServiceProcess.start(
            directory.resolve("home"),
            "--agentledger.outbound.ports=" + gitHub.port() + "," + examplePort,
            "--agentledger.outbound.allowed-networks=127.0.0.1/32",
            "--agentledger.git.allow-http=true",
            "--agentledger.model.rehearsal-prices=true");
    api = service.client();
    vault = api.post("/api/v1/vaults", Map.of("name", "of GitHub")).path("id").asString();
    api.put(
        "/api/v1/vaults/" + vault + "/secrets/github",
        Map.of("type", "static_bearer", "url", gitHub.url(), "token", GitHubStandIn.TOKEN));
  }

  @AfterAll
  static void close() throws Exception {
    service.close();
    gitHub.close();
  }

  private static Map<String, Object> secret() {
    return Map.of("vault_id", vault, "name", "github");
  }

  private static Map<String, Object> step(String prompt, Map<String, Object> session)
      throws Exception {
    var task =
        api.post("/api/v1/tasks", Map.of("name", "Step", "prompt", prompt, "session", session));
    return Map.of("task_id", task.path("id").asString());
  }

  private static Map<String, Object> work(String command) throws Exception {
    var workspace = Map.of("type", "git", "url", gitHub.repositoryUrl(), "credential", secret());
    return step(WORK.formatted(command), Map.of("workspace", workspace));
  }

  private static Map<String, Object> source(String issue) {
    return Map.of(
        "provider",
        "github",
        "project",
        GitHubStandIn.REPOSITORY,
        "item",
        issue,
        "api_url",
        gitHub.apiUrl(),
        "credential",
        secret());
  }

  private static Map<String, Object> repository(String testCommand) {
    return Map.of(
        "url",
        gitHub.repositoryUrl(),
        "base_branch",
        "main",
        "api_url",
        gitHub.apiUrl(),
        "credential",
        secret(),
        "test_command",
        testCommand);
  }

  private static String path(JsonNode flow) {
    return FLOWS + "/" + flow.path("id").asString();
  }

  private static JsonNode awaitStatus(JsonNode flow, String status) {
    await()
        .atMost(TIMEOUT)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              var now = api.get(path(flow));
              assertThat(now.path("status").asString()).as(now.toString()).isEqualTo(status);
            });
    try {
      return api.get(path(flow));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<JsonNode> steps(JsonNode flow, String kind) {
    return flow.path("steps")
        .valueStream()
        .filter(step -> step.path("kind").asString().equals(kind))
        .toList();
  }

  private static String branches(JsonNode flow) throws Exception {
    var bare = served.resolve(GitHubStandIn.REPOSITORY + ".git");
    return GitBackend.run(bare, "git", "branch", "--list", branch(flow));
  }

  private static String branch(JsonNode flow) {
    return "agentledger/" + flow.path("id").asString();
  }

  private static List<String> commentsOn(int issue) {
    return gitHub.comments.stream()
        .filter(comment -> comment.get("issue").equals(issue))
        .map(comment -> String.valueOf(comment.get("body")))
        .toList();
  }

  /** Kills the service after a request has had its effect, and before its response. */
  private static void killAfter(GitHubStandIn.Hold hold) throws Exception {
    hold.await(TIMEOUT);
    restart();
    hold.release();
  }

  private static void restart() throws Exception {
    service.killForcibly();
    service.start();
  }

  @Tag("exhaustive")
  @Test
  void examplePrintsItsExpectedOutput() throws Exception {
    var builder =
        new ProcessBuilder(
            ApiTestServer.root().resolve("examples/run-all").toString(), "curl/flow");
    builder.environment().put("AGENTLEDGER_URL", service.address());
    builder.environment().put("AGENTLEDGER_KEY", service.ownerKey());
    builder.environment().put("GITHUB_PORT", String.valueOf(examplePort));
    var process = builder.redirectErrorStream(true).start();
    try (var output = process.inputReader()) {
      assertThat(output.readAllAsString()).isEqualTo("ok      curl/flow\n");
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void nothingIsPublishedIfTheTestsFail() throws Exception {
    var command = "sh -c 'exit 3'";
    var flow =
        awaitStatus(
            api.post(
                FLOWS,
                Map.of(
                    "work", work(command),
                    "source", source("2"),
                    "repository", repository(command))),
            "failed");
    assertThat(flow.at("/error/code").asString()).isEqualTo("tests_failed");
    assertThat(flow.at("/error/message").asString()).contains("exit status 3");
    var tests = steps(flow, "tests_verified").getFirst();
    assertThat(tests.path("code").asString()).isEqualTo("tests_failed");
    assertThat(tests.path("exit_status").asInt()).isEqualTo(3);
    assertThat(steps(flow, "branch_pushed")).isEmpty();
    assertThat(branches(flow)).isEmpty();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(commentsOn(2)).singleElement().asString().contains("tests_failed"));
  }

  @Tag("exhaustive")
  @Test
  @Timeout(value = 25, unit = TimeUnit.MINUTES) // It starts the service once for each step.
  void flowWhoseServiceIsKilledAtEachStepIsCarriedOutOnce() throws Exception {
    var command = "sh -c 'test -s a.txt'";
    var comment = gitHub.holdNext("POST " + ISSUE.formatted("1"));
    var flow =
        api.post(
            FLOWS,
            Map.of(
                "plan", step(PLAN, Map.of()),
                "work", work(command),
                "source", source("1"),
                "repository", repository(command)));
    killAfter(comment); // Posted, but not recorded; the plan is being made.
    awaitStatus(flow, "awaiting_approval");
    var push = gitHub.holdNext("POST /.*/git-receive-pack");
    api.post(path(flow) + "/approve", Map.of());
    restart(); // Approved; the work may be queued or not.
    killAfter(push); // Pushed, but not recorded.
    var found = gitHub.holdNext("GET /repos/" + GitHubStandIn.REPOSITORY + "/pulls");
    killAfter(found); // The branch is recorded, the pull request not yet requested.
    var opened = gitHub.holdNext(PULLS);
    opened.await(TIMEOUT);
    var edited = gitHub.holdNext(EDIT);
    restart(); // Opened, but not recorded.
    opened.release();
    killAfter(edited); // The pull request is recorded, the reply not.

    var done = awaitStatus(flow, "succeeded");
    for (var kind :
        List.of("approved", "tests_verified", "branch_pushed", "pull_request_opened", "succeeded"))
      assertThat(steps(done, kind)).as(kind).hasSize(1);
    assertThat(steps(done, "tests_verified").getFirst().path("exit_status").asInt(-1)).isZero();
    assertThat(branches(done)).contains(branch(done));
    var bare = served.resolve(GitHubStandIn.REPOSITORY + ".git");
    assertThat(GitBackend.run(bare, "git", "rev-list", "--count", "main.." + branch(done)))
        .isEqualTo("1");
    assertThat(GitBackend.run(bare, "git", "diff", "--name-only", "main", branch(done)))
        .isEqualTo("a.txt");
    assertThat(gitHub.pulls).hasSize(1);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(commentsOn(1)).singleElement().asString().contains("/pull/10"));
    var costs = "/api/v1/costs?group_by=flow&flow_id=" + done.path("id").asString();
    assertThat(api.get(costs).at("/items/0/cost_usd")).isEqualTo(done.path("cost_usd"));
    assertThat(done.path("cost_usd").asDecimal()).isPositive();
  }
}
