package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Policies over REST, in the whole house: what a client wrote is what the CLI is told. */
class PermissionServiceIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final String POLICIES = "/api/v1/policies";
  private static final String NO_NONCES =
      """
      {"name": "house rules", "rules": [{"name": "no-nonces", "effect": "deny",
        "tools": ["Bash"], "commands": ["nonces\\\\.txt"], "reason": "nonces are not for all"}]}
      """;

  private static final ApiTestServer doors = ApiTestServer.sharedHouse();

  /** That of the last calls. */
  private static String session = "";

  private static JsonNode made(String policy) {
    var response = doors.post(POLICIES, policy);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return ApiTestServer.json(response);
  }

  private static HttpResponse<String> put(String path, String tag, String body) {
    return doors.send(
        doors
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", tag)
            .PUT(BodyPublishers.ofString(body)));
  }

  private static int archive(JsonNode policy) {
    return doors
        .send(doors.request(POLICIES + "/" + policy.path("id").asString()).DELETE())
        .statusCode();
  }

  private static JsonNode calls(String prompt) {
    var answer =
        doors.send(
            doors
                .request("/api/v1/query/single")
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"prompt\": \"" + prompt + "\"}")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    session = ApiTestServer.json(answer).path("session_id").asString();
    return ApiTestServer.json(doors.get("/api/v1/sessions/" + session + "/tool-calls"))
        .path("items");
  }

  @Test
  void aPolicyMadeOverRestDecidesARunAndIsNamedOnItsRecord() {
    var policy = made(NO_NONCES);
    try {
      assertThat(calls("scenario: nonce"))
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
    assertThat(calls("scenario: nonce"))
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.path("verdict").asString()).isEqualTo("allowed"));
  }

  @Test
  void everyVersionOfAPolicyIsKeptWithWhoMadeIt() {
    var policy = made(NO_NONCES);
    var path = POLICIES + "/" + policy.path("id").asString();
    assertThat(policy.at("/scope/type").asString()).isEqualTo("tenant");
    assertThat(policy.at("/advisories/0/rule").asString()).isEqualTo("no-nonces");
    var off = NO_NONCES.replace("\"rules\"", "\"enabled\": false, \"rules\"");
    assertThat(put(path, "\"2\"", off).statusCode()).isEqualTo(412);
    var changed = put(path, "\"1\"", off);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
    assertThat(archive(policy)).isEqualTo(204);

    var history = ApiTestServer.json(doors.get(path + "/history")).path("items");
    assertThat(history).hasSize(3);
    assertThat(history.at("/0/archived").asBoolean()).isTrue();
    assertThat(history.at("/1/enabled").asBoolean()).isFalse();
    assertThat(history.at("/2/version").asLong()).isEqualTo(1);
    assertThat(history.at("/2/by/kind").asString()).isEqualTo("person");
    assertThat(ApiTestServer.json(doors.get(POLICIES)).toString())
        .doesNotContain(path.substring(17));
    assertThat(ApiTestServer.json(doors.get(POLICIES + "?include_archived=true")).toString())
        .contains(policy.path("id").asString());
  }

  @Test
  void whatWaitsIsListedOverAllSessionsAndTheDecisionIsKept() {
    var sessionId = doors.openSession();
    var other = doors.openSession();
    for (var session : new Object[] {sessionId, other})
      assertThat(
              doors
                  .post(
                      "/api/v1/sessions/" + session + "/query",
                      "{\"prompt\": \"scenario: ask-write\"}")
                  .statusCode())
          .isEqualTo(202);
    await().atMost(TIMEOUT).until(() -> pending().size() == 2);
    assertThat(pending().valueStream().map(node -> node.path("session_id").asString()))
        .containsExactlyInAnyOrder(sessionId.value(), other.value());
    var first = ApiTestServer.json(doors.get("/api/v1/permissions/pending?limit=1"));
    var rest =
        ApiTestServer.json(
            doors.get(
                "/api/v1/permissions/pending?limit=1&cursor=" + first.path("next").asString()));
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
    var decisions = "/api/v1/sessions/" + sessionId + "/permissions";
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                !ApiTestServer.json(doors.get(decisions))
                    .at("/items/0/remembered")
                    .isMissingNode());
    var decision = ApiTestServer.json(doors.get(decisions)).at("/items/0");
    assertThat(decision.path("outcome").asString()).isEqualTo("allowed");
    assertThat(decision.path("remembered").asString()).isEqualTo("call");
    assertThat(decision.at("/by/kind").asString()).isEqualTo("person");
    assertThat(doors.post("/api/v1/sessions/" + other + "/interrupt", "").statusCode())
        .isEqualTo(202);
    await().atMost(TIMEOUT).until(() -> pending().isEmpty());
  }

  private static JsonNode pending() {
    return ApiTestServer.json(doors.get("/api/v1/permissions/pending")).path("items");
  }

  private static HttpResponse<String> decide(
      SessionId session, JsonNode waiting, String digest, String more) {
    return doors.post(
        "/api/v1/sessions/" + session + "/inputs",
        """
        {"inputs": [{"type": "decide", "action_id": "%s", "decision": "allow",
          "input_digest": "%s"%s}]}
        """
            .formatted(waiting.path("action_id").asString(), digest, more));
  }

  @Test
  void rulesAreTriedOnWhatWasRecordedPageByPageAndNothingIsCountedTwice() {
    calls("scenario: nonce");
    var rules =
        """
        {"session_id": "%s", "limit": 2%s, "rules": [
          {"name": "no-twos", "effect": "deny", "commands": ["two-"], "reason": "odd ones only"},
          {"name": "ones", "effect": "allow", "commands": [".*one.*"]}]}
        """;
    var first = dryRun(rules.formatted(session, ""));
    assertThat(first.path("looked_at").asInt()).isEqualTo(2);
    assertThat(first.path("denied").asInt()).isEqualTo(1);
    assertThat(first.path("silent").asInt()).isEqualTo(1);
    assertThat(first.at("/differences/0/then").asString()).isEqualTo("allowed");
    assertThat(first.at("/differences/0/now").asString()).isEqualTo("deny");
    assertThat(first.at("/differences/0/reason").asString()).isEqualTo("odd ones only");
    var cursor = ", \"cursor\": \"" + first.path("next").asString() + "\"";
    var second = dryRun(rules.formatted(session, cursor));
    assertThat(second.path("looked_at").asInt()).isEqualTo(1);
    assertThat(second.path("denied").asInt() + second.path("unreadable").asInt()).isZero();
    assertThat(second.path("next").isNull()).isTrue();
    var broken =
        doors.post(POLICIES + "/dry-run", rules.formatted(session, "").replace("two-", "("));
    assertThat(broken.statusCode()).isEqualTo(422);
  }

  private static JsonNode dryRun(String rules) {
    var answer = doors.post(POLICIES + "/dry-run", rules);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return ApiTestServer.json(answer);
  }

  @Test
  void aHookRegisteredOverRestIsCalledAndItsCallsAreListed() {
    var response =
        doors.post(
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
    var calls = calls("scenario: nonce");
    assertThat(calls).hasSize(3);
    var executions = "/api/v1/sessions/" + session + "/hooks";
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(ApiTestServer.json(doors.get(executions)).path("items")).hasSize(3));
    var execution = ApiTestServer.json(doors.get(executions)).at("/items/0");
    assertThat(execution.path("outcome").asString()).isEqualTo("passed");
    assertThat(execution.path("tool_call_id")).isEqualTo(calls.at("/0/id"));
    assertThat(execution.path("hook_id")).isEqualTo(hook.path("id"));
    assertThat(doors.send(doors.request(path).DELETE()).statusCode()).isEqualTo(204);
    assertThat(calls("scenario: nonce")).hasSize(3);
    assertThat(
            ApiTestServer.json(doors.get("/api/v1/sessions/" + session + "/hooks")).path("items"))
        .isEmpty();
  }

  @Test
  void aGroupStandsForItsToolsInPoliciesAndFollowsItsChanges() {
    var made = doors.post("/api/v1/tool-groups", "{\"name\": \"hands\", \"tools\": [\"Write\"]}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    var group = "/api/v1/tool-groups/" + ApiTestServer.json(made).path("id").asString();
    var again = doors.post("/api/v1/tool-groups", "{\"name\": \"hands\", \"tools\": [\"Read\"]}");
    assertThat(again.statusCode()).isEqualTo(409);
    var rules =
        "{\"name\": \"no hands\", \"rules\": [{\"name\": \"r\", \"effect\": \"deny\","
            + " \"tools\": [\"@hands\"]}]}";
    assertThat(doors.post(POLICIES, rules.replace("@hands", "@feet")).statusCode()).isEqualTo(422);
    var policy = made(rules);
    try {
      assertThat(calls("scenario: nonce"))
          .allSatisfy(call -> assertThat(call.path("verdict").asString()).isEqualTo("allowed"));
      var changed = put(group, "\"1\"", "{\"tools\": [\"Ba*\"]}");
      assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
      assertThat(calls("scenario: nonce"))
          .isNotEmpty()
          .allSatisfy(call -> assertThat(call.path("verdict").asString()).isEqualTo("denied"));
      var used = doors.send(doors.request(group).DELETE());
      assertThat(used.statusCode()).isEqualTo(409);
      assertThat(ApiTestServer.json(used).path("code").asString()).isEqualTo("tool_group_in_use");
    } finally {
      archive(policy);
    }
    assertThat(doors.send(doors.request(group).DELETE()).statusCode()).isEqualTo(204);
    await()
        .untilAsserted(
            () ->
                assertThat(ApiTestServer.json(doors.get("/api/v1/tool-groups")).toString())
                    .doesNotContain("hands"));
  }

  @Test
  void aPolicySaysOfEachPathThatOnlyBindsFileTools() {
    var group = doors.post("/api/v1/tool-groups", "{\"name\": \"shells\", \"tools\": [\"Bash\"]}");
    assertThat(group.statusCode()).as(group.body()).isEqualTo(201);
    var policy =
        made(
            """
            {"name": "paths", "rules": [{"name": "secrets", "effect": "deny",
              "tools": ["@shells"], "paths": ["secrets/**", "**/.env"]}]}
            """);
    var path = POLICIES + "/" + policy.path("id").asString();
    await()
        .untilAsserted(
            () -> {
              var response = ApiTestServer.json(doors.get(path)).path("advisories");
              assertThat(response).hasSize(2);
              assertThat(response.at("/0/why").asString())
                  .startsWith("Of **/.env the rule binds file tools alone: ");
              assertThat(response.at("/1/about").asString())
                  .isEqualTo("shell commands without a sandbox");
            });
    assertThat(archive(policy)).isEqualTo(204);
    doors.send(
        doors
            .request("/api/v1/tool-groups/" + ApiTestServer.json(group).path("id").asString())
            .DELETE());
  }

  @Test
  void aHookThatCouldNeverBeCalledIsRefused() {
    var inside =
        doors.post(
            "/api/v1/hooks",
            """
            {"name": "in", "point": "Stop",
              "target": {"type": "http", "url": "http://127.0.0.1:1/"}}
            """);
    assertThat(inside.statusCode()).as(inside.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(inside).path("code").asString()).isEqualTo("hook_refused");
    var odd =
        doors.post(
            "/api/v1/hooks",
            """
            {"name": "in", "point": "Never",
              "target": {"type": "built_in", "service": "audit"}}
            """);
    assertThat(odd.statusCode()).as(odd.body()).isEqualTo(400);
  }

  @Test
  void whatCannotBeHeldIsRefusedByTheNameOfItsRule() {
    var broken = doors.post(POLICIES, NO_NONCES.replace("nonces\\\\.txt", "("));
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(ApiTestServer.json(broken).path("code").asString()).isEqualTo("policy_refused");
    assertThat(ApiTestServer.json(broken).at("/details/rule").asString()).isEqualTo("no-nonces");
    var unnamed = doors.post(POLICIES, NO_NONCES.replace("\"no-nonces\"", "\"No Nonces\""));
    assertThat(unnamed.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(unnamed).at("/errors/0/pointer").asString())
        .isEqualTo("/rules/0/name");
  }
}
