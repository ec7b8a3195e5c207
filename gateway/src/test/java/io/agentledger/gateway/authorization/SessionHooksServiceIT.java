package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Role;
import io.agentledger.gateway.ApiTestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Hooks that members attach to their own sessions over REST. */
class SessionHooksServiceIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final String HOOK = "{\"name\": \"%s\", \"point\": \"%s\", \"target\": %s}";
  private static final String AUDIT = "{\"type\": \"built_in\", \"service\": \"audit\"}";
  private static String owner;

  @BeforeAll
  static void join() {
    var fixture = new AuthorizationFixture(server);
    var tenant = fixture.createTenant();
    owner = fixture.join(tenant, Role.MEMBER).bearer();
  }

  private static HttpResponse<String> send(String method, String bearer, String path, String body) {
    return server.send(
        server
            .requestAs(bearer, path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  private static String hook(String name) {
    return HOOK.formatted(name, "Stop", AUDIT);
  }

  private static String validation(String point, String schema) {
    return HOOK.formatted("valid", point, "{\"type\": \"validation\", \"schema\": " + schema + "}");
  }

  private static String open(String body) {
    var opened = send("POST", owner, "/api/v1/sessions", body);
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    return "/api/v1/sessions/" + ApiTestServer.json(opened).path("id").asString();
  }

  private static void assertAnswer(HttpResponse<String> response, int status, String... texts) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.body()).contains(texts);
  }

  @Test
  void ownerAttachesListsAndDetachesHooks() {
    var session = open("{\"hooks\": [" + hook("first") + "]}");
    var second = send("POST", owner, session + "/hooks", hook("second"));
    assertAnswer(second, 201, "\"name\":\"second\"", "\"timeout_seconds\":30");
    var listed = ApiTestServer.json(send("GET", owner, session + "/hooks", ""));
    assertThat(listed.path("items"))
        .extracting(hook -> hook.path("name").asString())
        .containsExactly("first", "second");

    var path = session + "/hooks/" + ApiTestServer.json(second).path("id").asString();
    assertThat(send("DELETE", owner, path, "").statusCode()).isEqualTo(204);
    var remaining = ApiTestServer.json(send("GET", owner, session + "/hooks", ""));
    assertThat(remaining.path("items")).hasSize(1);
    assertThat(remaining.path("next_cursor").isNull()).isTrue();
  }

  private static String http(String headers) {
    return HOOK.formatted(
        "plain",
        "Stop",
        "{\"type\": \"http\", \"url\": \"https://hooks.example.com/\", \"headers\": "
            + headers
            + "}");
  }

  @Test
  void credentialInAPlainHeaderIsRefusedWithTheWayToTheVault() {
    var session = open("{}");
    var headers =
        "{\"Authorization\": \"Bearer s3cret\", \"cookie\": \"a=s3cret\", \"X-Api-Key\":"
            + " \"s3cret\", \"Webhook-Id\": \"1\", \"Host\": \"h\", \"X-Team\": \"core\"}";
    var refused = send("POST", owner, session + "/hooks", http(headers));
    assertAnswer(refused, 400, "PUT /vaults/{id}/secrets/{name}");
    assertThat(refused.body()).doesNotContain("s3cret");
    assertThat(ApiTestServer.json(refused).path("errors").findValuesAsString("pointer"))
        .containsExactlyInAnyOrder(
            "/target/headers/Authorization",
            "/target/headers/cookie",
            "/target/headers/X-Api-Key",
            "/target/headers/Webhook-Id",
            "/target/headers/Host");
    assertAnswer(
        send("POST", owner, "/api/v1/sessions", "{\"hooks\": [" + http(headers) + "]}"),
        400,
        "/hooks/0/target/headers/Authorization");
  }

  @Test
  void faultsOfADefinitionAreReportedAtTheirFields() {
    var path = open("{}") + "/hooks";
    assertAnswer(
        send("POST", owner, path, HOOK.formatted("a", "Setup", AUDIT)),
        400,
        "/point",
        "is not reached here");
    assertAnswer(
        send(
            "POST", owner, path, hook("a").replace("\"target\"", "\"matcher\": \"(\", \"target\"")),
        400,
        "/matcher",
        "must be an RE2 expression");
  }

  @Test
  void uncallableHookOpensNoSession() {
    var dangling = validation("PreToolUse", "{\"items\": {\"$ref\": \"#/no\"}}");
    assertAnswer(
        send("POST", owner, "/api/v1/sessions", "{\"hooks\": [" + dangling + "]}"),
        400,
        "/hooks/0/target/schema/items/$ref",
        "is not supported here");
    assertAnswer(
        send("POST", owner, "/api/v1/sessions", "{\"hooks\": [" + validation("Stop", "{}") + "]}"),
        400,
        "/hooks/0/point",
        "must be PreToolUse");
    var inside =
        HOOK.formatted("in", "Stop", "{\"type\": \"http\", \"url\": \"http://10.0.0.1/\"}");
    assertAnswer(
        send("POST", owner, "/api/v1/sessions", "{\"hooks\": [" + inside + "]}"),
        422,
        "agentledger.outbound.allowed-networks");
  }
}
