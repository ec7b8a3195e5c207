package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Policies over REST in the whole service: the CLI gets the decisions of the client's rules. */
class PermissionServiceIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final String POLICIES = "/api/v1/policies";
  private static final String NO_NONCES =
      """
      {"name": "house rules", "rules": [{"name": "no-nonces", "effect": "deny",
        "tools": ["Bash"], "commands": ["nonces\\\\.txt"], "reason": "nonces are not for all"}]}
      """;

  private static final ApiTestServer server = ApiTestServer.sharedService();

  /** The session of the last calls. */
  private static String session = "";

  /** The sessions of this class, and of those before it, have made most of what can be read. */
  @AfterAll
  static void responsesAreAsDocumented() throws IOException {
    DocumentedResponses.assertValid(server);
  }

  private static JsonNode createPolicy(String policy) {
    var response = server.post(POLICIES, policy);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return ApiTestServer.json(response);
  }

  private static HttpResponse<String> put(String path, String tag, String body) {
    return server.send(
        server
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", tag)
            .PUT(BodyPublishers.ofString(body)));
  }

  private static int archive(JsonNode policy) {
    return server
        .send(server.request(POLICIES + "/" + policy.path("id").asString()).DELETE())
        .statusCode();
  }

  private static JsonNode openAndSubmit(String prompt) {
    var response =
        server.send(
            server
                .request("/api/v1/query/single")
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"prompt\": \"" + prompt + "\"}")));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    session = ApiTestServer.json(response).path("session_id").asString();
    return ApiTestServer.json(server.get("/api/v1/sessions/" + session + "/tool-calls"))
        .path("items");
  }

  @Test
  void policyCreatedOverRestDecidesARunAndIsRecorded() {
    var policy = createPolicy(NO_NONCES);
    try {
      assertThat(openAndSubmit("scenario: nonce"))
          .isNotEmpty()
          .allSatisfy(
              call -> {
                assertThat(call.path("verdict").asString()).isEqualTo("denied");
                assertThat(call.path("rule").asString())
                    .isEqualTo(
                        "policy house rules (%s), rule no-nonces: nonces are not for all",
                        policy.path("id").asString());
              });
    } finally {
      assertThat(archive(policy)).isEqualTo(204);
    }
    assertThat(openAndSubmit("scenario: nonce"))
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.path("verdict").asString()).isEqualTo("allowed"));
  }

  @Test
  void everyPolicyVersionIsKeptWithItsAuthor() {
    var policy = createPolicy(NO_NONCES);
    var path = POLICIES + "/" + policy.path("id").asString();
    assertThat(policy.at("/scope/type").asString()).isEqualTo("tenant");
    assertThat(policy.at("/advisories/0/rule").asString()).isEqualTo("no-nonces");
    var off = NO_NONCES.replace("\"rules\"", "\"enabled\": false, \"rules\"");
    assertThat(put(path, "\"2\"", off).statusCode()).isEqualTo(412);
    var changed = put(path, "\"1\"", off);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
    assertThat(archive(policy)).isEqualTo(204);

    var history = ApiTestServer.json(server.get(path + "/versions")).path("items");
    assertThat(history).hasSize(3);
    assertThat(history.at("/0/archived").asBoolean()).isTrue();
    assertThat(history.at("/1/enabled").asBoolean()).isFalse();
    assertThat(history.at("/2/version").asLong()).isEqualTo(1);
    assertThat(history.at("/2/actor/type").asString()).isEqualTo("user");
    assertThat(ApiTestServer.json(server.get(POLICIES)).toString())
        .doesNotContain(path.substring(17));
    assertThat(ApiTestServer.json(server.get(POLICIES + "?include_archived=true")).toString())
        .contains(policy.path("id").asString());
  }

  @Test
  void pendingActionsOfAllSessionsAreListedAndDecisionsKept() {
    var sessionId = server.openSession();
    var otherSession = server.openSession();
    for (var session : new Object[] {sessionId, otherSession})
      assertThat(
              server
                  .post(
                      "/api/v1/sessions/" + session + "/query",
                      "{\"prompt\": \"scenario: ask-write\"}")
                  .statusCode())
          .isEqualTo(202);
    await().atMost(TIMEOUT).until(() -> pending().size() == 2);
    assertThat(pending().valueStream().map(node -> node.path("session_id").asString()))
        .containsExactlyInAnyOrder(sessionId.value(), otherSession.value());
    var first = ApiTestServer.json(server.get("/api/v1/pending-actions?limit=1"));
    var rest =
        ApiTestServer.json(
            server.get(
                "/api/v1/pending-actions?limit=1&cursor=" + first.path("next_cursor").asString()));
    assertThat(first.at("/items/0/action_id")).isNotEqualTo(rest.at("/items/0/action_id"));

    var waiting =
        pending()
            .valueStream()
            .filter(node -> node.path("session_id").asString().equals(sessionId.value()))
            .findFirst()
            .orElseThrow();
    assertThat(waiting.path("tool").asString()).isEqualTo("Write");
    assertThat(decide(sessionId, waiting, "0".repeat(64), "").statusCode()).isEqualTo(409);
    var digest = waiting.path("input_digest").asString();
    assertThat(decide(sessionId, waiting, digest, ", \"remember\": \"call\"").statusCode())
        .isEqualTo(200);
    assertThat(decide(sessionId, waiting, digest, ", \"reason\": \"late\"").statusCode())
        .isEqualTo(200);
    await().atMost(TIMEOUT).until(() -> pending().size() == 1);
    var decisions = "/api/v1/sessions/" + sessionId + "/decisions";
    var decision = ApiTestServer.json(server.get(decisions)).at("/items/0");
    assertThat(decision.path("status").asString()).isEqualTo("allowed");
    assertThat(decision.path("remember_scope").asString()).isEqualTo("call");
    assertThat(decision.at("/actor/type").asString()).isEqualTo("user");
    assertThat(server.post("/api/v1/sessions/" + otherSession + "/interrupt", "").statusCode())
        .isEqualTo(202);
    await().atMost(TIMEOUT).until(() -> pending().isEmpty());
  }

  private static JsonNode pending() {
    return ApiTestServer.json(server.get("/api/v1/pending-actions")).path("items");
  }

  private static HttpResponse<String> decide(
      SessionId session, JsonNode waiting, String digest, String more) {
    return server.post(
        "/api/v1/sessions/" + session + "/inputs",
        """
        {"inputs": [{"type": "decide", "action_id": "%s", "decision": "allow",
          "input_digest": "%s"%s}]}
        """
            .formatted(waiting.path("action_id").asString(), digest, more));
  }

  @Test
  void rulesAreTriedOnRecordedCallsPageByPageWithoutDoubleCounting() {
    openAndSubmit("scenario: nonce");
    var rules =
        """
        {"session_id": "%s", "limit": 2%s, "rules": [
          {"name": "no-twos", "effect": "deny", "commands": ["two-"], "reason": "odd ones only"},
          {"name": "ones", "effect": "allow", "commands": [".*one.*"]}]}
        """;
    var first = dryRun(rules.formatted(session, ""));
    assertThat(first.path("evaluated").asInt()).isEqualTo(2);
    assertThat(first.path("denied").asInt()).isEqualTo(1);
    assertThat(first.path("no_match").asInt()).isEqualTo(1);
    assertThat(first.at("/differences/0/previous_verdict").asString()).isEqualTo("allowed");
    assertThat(first.at("/differences/0/new_effect").asString()).isEqualTo("deny");
    assertThat(first.at("/differences/0/reason").asString()).isEqualTo("odd ones only");
    var cursor = ", \"cursor\": \"" + first.path("next_cursor").asString() + "\"";
    var second = dryRun(rules.formatted(session, cursor));
    assertThat(second.path("evaluated").asInt()).isEqualTo(1);
    assertThat(second.path("denied").asInt() + second.path("unreadable").asInt()).isZero();
    assertThat(second.path("next_cursor").isNull()).isTrue();
    var broken =
        server.post(POLICIES + "/dry-run", rules.formatted(session, "").replace("two-", "("));
    assertThat(broken.statusCode()).isEqualTo(422);
  }

  private static JsonNode dryRun(String rules) {
    var response = server.post(POLICIES + "/dry-run", rules);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return ApiTestServer.json(response);
  }

  @Test
  void hookRegisteredOverRestIsCalledAndItsCallsListed() {
    var response =
        server.post(
            "/api/v1/hooks",
            """
            {"name": "scan", "point": "PreToolUse", "matcher": "Bash|Write", "order": -1,
              "target": {"type": "built_in", "service": "secret_scan"}}
            """);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    var hook = ApiTestServer.json(response);
    assertThat(hook.path("point").asString()).isEqualTo("PreToolUse");
    assertThat(hook.path("timeout_seconds").asLong()).isEqualTo(30);
    var path = "/api/v1/hooks/" + hook.path("id").asString();
    var calls = openAndSubmit("scenario: nonce");
    assertThat(calls).hasSize(3);
    var executions = "/api/v1/sessions/" + session + "/hook-executions";
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(ApiTestServer.json(server.get(executions)).path("items")).hasSize(3));
    var execution = ApiTestServer.json(server.get(executions)).at("/items/0");
    assertThat(execution.path("outcome").asString()).isEqualTo("passed");
    assertThat(execution.path("tool_call_id")).isEqualTo(calls.at("/0/id"));
    assertThat(execution.path("hook_id")).isEqualTo(hook.path("id"));
    assertThat(server.send(server.request(path).DELETE()).statusCode()).isEqualTo(204);
    assertThat(openAndSubmit("scenario: nonce")).hasSize(3);
    assertThat(
            ApiTestServer.json(server.get("/api/v1/sessions/" + session + "/hook-executions"))
                .path("items"))
        .isEmpty();
  }

  private static void assertRefused(String path, String body, String pointer, String detail) {
    var response = server.post(path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.body()).contains("\"pointer\":\"" + pointer + "\"", detail);
  }

  @Test
  void namesThatCanNeverMatchAreRefused() {
    var rules =
        "{\"name\": \"n\", \"rules\": [{\"name\": \"r\", \"effect\": \"deny\","
            + " \"tools\": [\"bash\", \"Bsh\", \"mcp__nope\"]}]}";
    assertRefused(POLICIES, rules, "/rules/0/tools/0", "did you mean Bash?");
    assertRefused(POLICIES, rules, "/rules/0/tools/1", "did you mean Bash?");
    assertRefused(POLICIES, rules, "/rules/0/tools/2", "names no MCP server: nope");
    assertRefused(
        POLICIES + "/dry-run", rules.replace("\"name\": \"n\", ", ""), "/rules/0/tools/1", "Bash?");
    assertRefused(
        "/api/v1/tool-groups", "{\"name\": \"g\", \"tools\": [\"reed\"]}", "/tools/0", "Read?");
    assertRefused(
        "/api/v1/tool-groups",
        "{\"name\": \"default\", \"tools\": [\"Read\"]}",
        "/name",
        "must not be the name of a built-in group");
    var hook =
        "{\"name\": \"h\", \"point\": \"PreToolUse\", \"matcher\": \"%s\","
            + " \"target\": {\"type\": \"built_in\", \"service\": \"audit\"}}";
    assertRefused("/api/v1/hooks", hook.formatted("bash|Write"), "/matcher", "did you mean Bash?");
    assertRefused("/api/v1/hooks", hook.formatted("Bash("), "/matcher", "RE2 expression");

    // A server is known as soon as it is registered.
    var server =
        PermissionServiceIT.server.post(
            "/api/v1/mcp-servers",
            "{\"name\": \"nope\", \"connection\": {\"type\": \"http\", \"url\": \"https://mcp.invalid/\"}}");
    assertThat(server.statusCode()).as(server.body()).isEqualTo(201);
    archive(createPolicy(rules.replace("\"bash\", \"Bsh\", ", "")));
  }

  @Test
  void groupStandsForItsCurrentToolsInPolicies() {
    var made = server.post("/api/v1/tool-groups", "{\"name\": \"hands\", \"tools\": [\"Write\"]}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    var group = "/api/v1/tool-groups/" + ApiTestServer.json(made).path("id").asString();
    var again = server.post("/api/v1/tool-groups", "{\"name\": \"hands\", \"tools\": [\"Read\"]}");
    assertThat(again.statusCode()).isEqualTo(409);
    var rules =
        "{\"name\": \"no hands\", \"rules\": [{\"name\": \"r\", \"effect\": \"deny\","
            + " \"tools\": [\"@hands\"]}]}";
    assertRefused(
        POLICIES,
        rules.replace("@hands", "@feet"),
        "/rules/0/tools/0",
        "names no tool group: @feet");
    var policy = createPolicy(rules);
    try {
      assertThat(openAndSubmit("scenario: nonce"))
          .allSatisfy(call -> assertThat(call.path("verdict").asString()).isEqualTo("allowed"));
      var changed = put(group, "\"1\"", "{\"tools\": [\"Ba*\"]}");
      assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
      assertThat(openAndSubmit("scenario: nonce"))
          .isNotEmpty()
          .allSatisfy(call -> assertThat(call.path("verdict").asString()).isEqualTo("denied"));
      var used = server.send(server.request(group).DELETE());
      assertThat(used.statusCode()).isEqualTo(409);
      assertThat(ApiTestServer.json(used).path("code").asString()).isEqualTo("tool_group_in_use");
    } finally {
      archive(policy);
    }
    assertThat(server.send(server.request(group).DELETE()).statusCode()).isEqualTo(204);
    await()
        .untilAsserted(
            () ->
                assertThat(ApiTestServer.json(server.get("/api/v1/tool-groups")).toString())
                    .doesNotContain("hands"));
  }

  @Test
  void policyWarnsAboutPathsEnforcedForFileToolsOnly() {
    var group = server.post("/api/v1/tool-groups", "{\"name\": \"shells\", \"tools\": [\"Bash\"]}");
    assertThat(group.statusCode()).as(group.body()).isEqualTo(201);
    var policy =
        createPolicy(
            """
            {"name": "paths", "rules": [{"name": "secrets", "effect": "deny",
              "tools": ["@shells"], "paths": ["secrets/**", "**/.env"]}]}
            """);
    var path = POLICIES + "/" + policy.path("id").asString();
    await()
        .untilAsserted(
            () -> {
              var response = ApiTestServer.json(server.get(path)).path("advisories");
              assertThat(response).hasSize(2);
              assertThat(response.at("/0/reason").asString())
                  .startsWith("Of **/.env the rule binds file tools only: ");
              assertThat(response.at("/1/subject").asString())
                  .isEqualTo("shell commands without a sandbox");
            });
    assertThat(archive(policy)).isEqualTo(204);
    server.send(
        server
            .request("/api/v1/tool-groups/" + ApiTestServer.json(group).path("id").asString())
            .DELETE());
  }

  @Test
  void rejectsAnUncallableHook() {
    var inside =
        server.post(
            "/api/v1/hooks",
            """
            {"name": "in", "point": "Stop",
              "target": {"type": "http", "url": "http://127.0.0.1:1/"}}
            """);
    assertThat(inside.statusCode()).as(inside.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(inside).path("code").asString()).isEqualTo("hook_refused");
    var odd =
        server.post(
            "/api/v1/hooks",
            """
            {"name": "in", "point": "Never",
              "target": {"type": "built_in", "service": "audit"}}
            """);
    assertThat(odd.statusCode()).as(odd.body()).isEqualTo(400);
  }

  @Test
  void rejectsAnUnenforceableRuleByName() {
    var broken = server.post(POLICIES, NO_NONCES.replace("nonces\\\\.txt", "("));
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(ApiTestServer.json(broken).path("code").asString()).isEqualTo("policy_refused");
    assertThat(ApiTestServer.json(broken).at("/details/rule").asString()).isEqualTo("no-nonces");
    var unnamed = server.post(POLICIES, NO_NONCES.replace("\"no-nonces\"", "\"No Nonces\""));
    assertThat(unnamed.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(unnamed).at("/errors/0/pointer").asString())
        .isEqualTo("/rules/0/name");
  }
}
