package io.agentledger.gateway.authorization;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Role;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.authorization.HttpAttempt.Answer;
import io.agentledger.gateway.authorization.OwnedResources.ResourceRequest;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * References to objects of another tenant in a body are rejected as not found, with every protocol.
 */
class ForeignReferenceIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NOT_FOUND = "404 ([a-z]+_)?not_found";

  private static final String NAMED = "{\"name\": \"a\"}";

  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static AuthorizationFixture fixture;
  private static String otherAdmin;
  private static String member;

  /** Bearer token of the tenant that owns the resources. */
  private static String bearer;

  private static String session;
  private static String vault;
  private static String agent;
  private static String template;
  private static String environment;
  private static String ownAgent;

  @BeforeAll
  static void open() {
    fixture = new AuthorizationFixture(server);
    otherAdmin = fixture.join(fixture.createTenant(), Role.ADMIN).bearer();
    var tenant = fixture.createTenant();
    bearer = fixture.join(tenant, Role.ADMIN).bearer();
    member = fixture.join(tenant, Role.MEMBER).bearer();
    session = id(bearer, "/api/v1/sessions", "{}");
    vault = id(bearer, "/api/v1/vaults", "{\"name\": \"a\"}");
    template = id(bearer, "/api/v1/templates", "{\"name\": \"a\"}");
    environment = id(bearer, "/api/v1/environments", "{\"name\": \"a\"}");
    ownAgent = id(bearer, "/api/v1/agents", "{\"name\": \"a\"}");
    agent = JSON.readTree(post(bearer, "/api/v1/sessions", "{}").body()).at("/agent/id").asString();
  }

  private static Answer post(String bearer, String path, String body) {
    return send(bearer, "POST", path, body);
  }

  private static Answer send(String bearer, String method, String path, String body) {
    return new HttpAttempt(server)
        .send(new Route(method, path), new ResourceRequest(path, body), bearer);
  }

  private static JsonNode json(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isBetween(200, 201);
    return JSON.readTree(answer.body());
  }

  private static Map<String, String> agents(String bearer) {
    return json(send(bearer, "GET", "/api/v1/agents", ""))
        .path("items")
        .valueStream()
        .collect(toMap(item -> item.path("name").asString(), item -> item.path("id").asString()));
  }

  private static String agentOf(JsonNode session) {
    return session.at("/agent/id").asString() + " " + session.at("/agent/version");
  }

  private static String id(String bearer, String path, String body) {
    return JSON.readTree(post(bearer, path, body).body()).path("id").asString();
  }

  private static String scoped(String scope) {
    return "{\"name\": \"a name\", \"scope\": " + scope + ", \"rules\": []}";
  }

  private static String hook(String scope) {
    return "{\"name\": \"a name\", \"point\": \"Stop\", \"scope\": "
        + scope
        + ", \"target\": {\"type\": \"built_in\", \"service\": \"audit\"}}";
  }

  private static String mcpServer(String connection) {
    return "{\"name\": \"tools\", \"connection\": " + connection + "}";
  }

  private static Map<String, String> bodies(String agent) {
    String bySession = "{\"type\": \"session\", \"session_id\": \"" + session + "\"}";
    String byAgent = "{\"type\": \"agent\", \"agent_id\": \"" + agent + "\"}";
    String secret = "${vault:" + vault + "/token}";
    var bodies = new LinkedHashMap<String, String>();
    bodies.put("/api/v1/policies#session", scoped(bySession));
    bodies.put("/api/v1/policies#agent", scoped(byAgent));
    bodies.put("/api/v1/hooks#session", hook(bySession));
    bodies.put("/api/v1/hooks#agent", hook(byAgent));
    bodies.put("/api/v1/agents/" + agent + "/tokens", NAMED);
    bodies.put(
        "/api/v1/mcp-servers#http",
        mcpServer(
            "{\"type\": \"http\", \"url\": \"https://example.com/\", \"headers\": {\"X\": \""
                + secret
                + "\"}}"));
    bodies.put(
        "/api/v1/mcp-servers#stdio",
        mcpServer(
            "{\"type\": \"stdio\", \"command\": \"a\", \"env\": {\"X\": \"" + secret + "\"}}"));
    bodies.put("/api/v1/sessions#template", "{\"template_id\": \"" + template + "\"}");
    bodies.put("/api/v1/sessions#agent", "{\"agent_id\": \"" + ownAgent + "\"}");
    bodies.put(
        "/api/v1/query/single#agent",
        "{\"prompt\": \"hello\", \"agent_id\": \"" + ownAgent + "\"}");
    bodies.put("/api/v1/sessions#environment", "{\"environment_id\": \"" + environment + "\"}");
    return bodies;
  }

  @Test
  void restAnswersThatItDoesNotExist() {
    bodies("agt_" + "2".repeat(10))
        .forEach(
            (where, body) -> {
              String path = where.replaceFirst("#.*", "");
              assertThat(post(otherAdmin, path, body).text()).as(where).matches(NOT_FOUND);
            });
  }

  @Test
  void tenantsOwnAreTaken() {
    bodies(agent)
        .forEach(
            (where, body) -> {
              String path = where.replaceFirst("#.*", "");
              assertThat(post(bearer, path, body).status()).as(where).isBetween(200, 201);
            });
  }

  @Test
  void tokenIsIssuedForAnAgentThatTheCallerMayUse() {
    var path = "/api/v1/agents/" + ownAgent + "/tokens";
    assertThat(post(member, path, NAMED).text()).matches(NOT_FOUND);
    var shared = id(bearer, "/api/v1/agents", "{\"name\": \"b\", \"sharing\": \"tenant\"}");
    path = "/api/v1/agents/" + shared;
    assertThat(post(member, path + "/tokens", NAMED).status()).isEqualTo(201);
    new HttpAttempt(server).send(new Route("DELETE", path), new ResourceRequest(path, ""), bearer);
    assertThat(post(member, path + "/tokens", NAMED).text()).isEqualTo("409 agent_archived");
    assertThat(post(bearer, path + "/tokens", NAMED).text()).isEqualTo("409 agent_archived");
  }

  @Test
  void eachTenantHasShippedAgentsOfItsOwn() {
    var tenant = fixture.createTenant();
    var admin = fixture.join(tenant, Role.ADMIN).bearer();
    var user = fixture.join(tenant, Role.MEMBER).bearer();
    var agents =
        await()
            .until(
                () -> agents(user),
                found ->
                    found.keySet().containsAll(List.of("brain", "claude", "executor", "planning")));
    assertThat(agents.values()).doesNotContainAnyElementsOf(agents(otherAdmin).values());

    var claude = agents.get("claude");
    var path = "/api/v1/agents/" + claude;
    assertThat(agentOf(json(post(user, "/api/v1/sessions", "{}")))).isEqualTo(claude + " 1");
    var changed = "{\"name\": \"ours\", \"sharing\": \"tenant\", \"instructions\": \"Be brief.\",";
    changed += " \"session\": {\"options\": {\"max_turns\": 3}}}";
    assertThat(send(user, "PUT", path, changed).text()).isEqualTo("403 forbidden");
    assertThat(send(admin, "PUT", path, changed).status()).isEqualTo(200);
    var session = json(post(user, "/api/v1/sessions", "{}"));
    assertThat(agentOf(session)).isEqualTo(claude + " 2");
    assertThat(session.at("/options/max_turns").asInt()).isEqualTo(3);
    var body = "{\"prompt\": \"hello\", \"model\": \"claude-b\"}";
    var query = json(post(user, "/api/v1/query/single", body)).path("session_id").asString();
    session = json(send(user, "GET", "/api/v1/sessions/" + query, ""));
    assertThat(agentOf(session)).isEqualTo(claude + " 2");
    assertThat(session.at("/options/max_turns").asInt()).isEqualTo(3);
    assertThat(session.at("/options/model").asString()).isEqualTo("claude-b");

    assertThat(send(admin, "DELETE", path, "").status()).isEqualTo(204);
    session = json(post(user, "/api/v1/sessions", "{}"));
    assertThat(session.at("/options/max_turns").asInt()).isGreaterThan(3);
    assertThat(agentOf(session)).isEqualTo(claude + " 1");
  }

  @Test
  void valuesOfSharedDefinitionsAreShownToTheirOwnerAndAdminsOnly() {
    var tenant = fixture.createTenant();
    var admin = fixture.join(tenant, Role.ADMIN).bearer();
    var owner = fixture.join(tenant, Role.MEMBER).bearer();
    var colleague = fixture.join(tenant, Role.MEMBER).bearer();
    var body =
        "{\"name\": \"with values\", \"sharing\": \"tenant\","
            + " \"session\": {\"options\": {\"env\": {\"TOKEN\": \"s3cret\"}}}}";
    var task = body.replace("\"session\"", "\"prompt\": \"hello\", \"session\"");
    for (var kind : List.of("agents", "templates", "tasks")) {
      var request = kind.equals("tasks") ? task : body;
      var path = "/api/v1/" + kind + "/" + id(owner, "/api/v1/" + kind, request);
      var changed = request.replace("s3cret", "s3cret2");
      assertThat(send(owner, "PUT", path, changed).status()).isEqualTo(200);
      for (var view : List.of(path, path + "/versions", "/api/v1/" + kind)) {
        assertThat(send(owner, "GET", view, "").body()).as(view).contains("\"TOKEN\":\"s3cret2\"");
        assertThat(send(admin, "GET", view, "").body()).as(view).contains("\"TOKEN\":\"s3cret2\"");
        assertThat(send(colleague, "GET", view, "").body())
            .as(view)
            .contains("\"TOKEN\":null")
            .doesNotContain("s3cret");
      }
      if (!kind.equals("agents")) continue;
      for (var view : List.of("/versions/1", "/versions/1/diff"))
        assertThat(send(colleague, "GET", path + view, "").body())
            .as(view)
            .contains("TOKEN")
            .doesNotContain("s3cret");
      assertThat(values(send(colleague, "GET", path + "/versions/2/diff", "")))
          .isEqualTo("/session/options/env/TOKEN null null true");
      assertThat(values(send(owner, "GET", path + "/versions/2/diff", "")))
          .isEqualTo("/session/options/env/TOKEN \"s3cret\" \"s3cret2\" false");
      var session = json(post(colleague, "/api/v1/sessions", usedBy(path)));
      assertThat(session.at("/agent_config/env").toString()).contains("TOKEN");
      assertThat(session.toString()).doesNotContain("s3cret");
    }
  }

  @Test
  void definitionIsSharedWithListedUsersUntilTheyAreRemoved() {
    var tenant = fixture.createTenant();
    var owner = fixture.join(tenant, Role.MEMBER).bearer();
    var listed = fixture.join(tenant, Role.MEMBER);
    var colleague = fixture.join(tenant, Role.MEMBER).bearer();
    var stranger = fixture.join(fixture.createTenant(), Role.MEMBER);
    var body =
        "{\"name\": \"for some\", \"sharing\": \"%s\", \"shared_with\": [%s],"
            + " \"session\": {\"options\": {\"env\": {\"TOKEN\": \"s3cret\"}}}}";
    var id = '"' + listed.user().value() + '"';
    for (var kind : List.of("agents", "templates")) {
      var list = "/api/v1/" + kind;
      for (var unknown : List.of(stranger.user().value(), "usr_zzzzzzzzzz"))
        assertThat(post(owner, list, body.formatted("users", id + ", \"" + unknown + "\"")).body())
            .contains("\"/shared_with/1\"", "must be the id of an active user of the tenant");
      assertThat(post(owner, list, body.formatted("users", "")).body()).contains("/shared_with");
      assertThat(post(owner, list, body.formatted("tenant", id)).body()).contains("/shared_with");

      var created = json(post(owner, list, body.formatted("users", id + ", " + id)));
      assertThat(created.path("shared_with").toString()).isEqualTo("[" + id + "]");
      var path = list + "/" + created.path("id").asString();
      for (var view : List.of(path, path + "/versions", list)) {
        assertThat(send(owner, "GET", view, "").body()).contains(id, "s3cret");
        assertThat(send(listed.bearer(), "GET", view, "").body())
            .contains("\"TOKEN\":null", "\"shared_with\":null")
            .doesNotContain("s3cret");
        assertThat(send(colleague, "GET", view, "").body()).doesNotContain("TOKEN");
      }
      assertThat(send(colleague, "GET", path, "").status()).isEqualTo(404);
      assertThat(send(listed.bearer(), "PUT", path, body.formatted("private", "")).text())
          .isEqualTo("403 forbidden");
      var use = usedBy(path);
      if (kind.equals("templates")) use = use.replace("agent_id", "template_id");
      else {
        assertThat(post(listed.bearer(), path + "/tokens", "{\"name\": \"a\"}").status())
            .isEqualTo(201);
        assertThat(post(colleague, path + "/tokens", "{\"name\": \"a\"}").status()).isEqualTo(404);
      }
      var key = "key-of-" + kind;
      var opened = repeat(listed.bearer(), use, key);
      assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
      assertThat(post(colleague, "/api/v1/sessions", use).status()).isEqualTo(404);

      assertThat(send(owner, "PUT", path, body.formatted("private", "")).status()).isEqualTo(200);
      assertThat(send(listed.bearer(), "GET", path, "").status()).isEqualTo(404);
      assertThat(send(listed.bearer(), "GET", list, "").body()).doesNotContain("for some");
      assertThat(post(listed.bearer(), "/api/v1/sessions", use).status()).isEqualTo(404);
      var again = repeat(listed.bearer(), use, key); // The answer of the first request.
      assertThat(again.statusCode()).as(again.body()).isEqualTo(201);
      assertThat(JSON.readTree(again.body()).path("id"))
          .isEqualTo(JSON.readTree(opened.body()).path("id"));
      assertThat(repeat(listed.bearer(), use, "other-" + key).statusCode()).isEqualTo(404);
      var different = use.replace("}", ", \"title\": \"x\"}");
      assertThat(repeat(listed.bearer(), different, key).statusCode()).isEqualTo(422);
    }
  }

  /** Returns the only change in a comparison of versions. */
  private static String values(Answer comparison) {
    var changes = json(comparison).path("changes");
    assertThat(changes).hasSize(1);
    var change = changes.get(0);
    return String.join(
        " ",
        change.path("pointer").asString(),
        change.path("old_value").toString(),
        change.path("new_value").toString(),
        change.path("redacted").toString());
  }

  @Test
  void importOfAnAdminChangesNoPrivateAgentOfAMember() {
    var tenant = fixture.createTenant();
    var admin = fixture.join(tenant, Role.ADMIN).bearer();
    var owner = fixture.join(tenant, Role.MEMBER).bearer();
    var agent = id(owner, "/api/v1/agents", "{\"name\": \"hers\"}");
    var archive = "{\"name\": \" hers \", \"description\": \"changed\"}";
    var refused = importFolder(admin, archive);
    assertThat(refused.text()).isEqualTo("409 agent_name_taken");
    assertThat(refused.body()).doesNotContain(agent);
    assertThat(json(importFolder(owner, archive)).path("version").asInt()).isEqualTo(2);
    var other = fixture.join(tenant, Role.MEMBER).bearer();
    var taken = post(other, "/api/v1/agents", "{\"name\": \"hers\"}");
    assertThat(taken.text()).isEqualTo("409 agent_name_taken");
    assertThat(taken.body()).doesNotContain(agent);
  }

  private static Answer importFolder(String bearer, String agent) {
    var body = OwnedResources.zip("agent.json", agent);
    return post(bearer, "/api/v1/agents/import", new String(body, StandardCharsets.ISO_8859_1));
  }

  @Test
  void listedUsersRunATaskUntilTheyAreRemoved() {
    var tenant = fixture.createTenant();
    var owner = fixture.join(tenant, Role.MEMBER).bearer();
    var listed = fixture.join(tenant, Role.MEMBER);
    var colleague = fixture.join(tenant, Role.MEMBER).bearer();
    var body = "{\"name\": \"for some\", \"prompt\": \"scenario: text\", %s}";
    var shared = "\"sharing\": \"users\", \"shared_with\": [\"" + listed.user() + "\"]";
    assertThat(
            post(
                    owner,
                    "/api/v1/tasks",
                    body.formatted(shared.replace(listed.user().value(), "usr_zzzzzzzzzz")))
                .body())
        .contains("\"/shared_with/0\"");
    var task = json(post(owner, "/api/v1/tasks", body.formatted(shared)));
    assertThat(task.path("shared_with").get(0).asString()).isEqualTo(listed.user().value());
    var path = "/api/v1/tasks/" + task.path("id").asString();
    for (var view : List.of(path, path + "/versions", "/api/v1/tasks"))
      assertThat(send(listed.bearer(), "GET", view, "").body()).contains("\"shared_with\":null");
    assertThat(post(listed.bearer(), path + "/run", "{}").status()).isEqualTo(202);
    assertThat(post(colleague, path + "/run", "{}").status()).isEqualTo(404);
    assertThat(send(owner, "PUT", path, body.formatted("\"sharing\": \"private\"")).status())
        .isEqualTo(200);
    assertThat(post(listed.bearer(), path + "/run", "{}").status()).isEqualTo(404);
  }

  private static HttpResponse<String> repeat(String bearer, String body, String key) {
    return server.send(
        HttpRequest.newBuilder(server.uri("/api/v1/sessions"))
            .header("Authorization", "Bearer " + bearer)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body)));
  }

  private static String usedBy(String agent) {
    return "{\"agent_id\": \"" + agent.substring(agent.lastIndexOf('/') + 1) + "\"}";
  }

  @Test
  void rsocketAnswersThatItDoesNotExist() {
    var routes = RSocketAttempt.routes(server);
    var requests =
        Map.of(
            "sessions.open#template", "{\"template_id\": \"" + template + "\"}",
            "sessions.open#environment", "{\"environment_id\": \"" + environment + "\"}",
            "sessions.{id}.get", "",
            "sessions.{id}.fork", "{}",
            "sessions.{id}.clone", "{}",
            "sessions.{id}.tools", "{\"mcp_servers\": []}");
    try (var socket = new RSocketAttempt(server, otherAdmin)) {
      requests.forEach(
          (where, data) -> {
            String pattern = where.replaceFirst("#.*", "");
            assertThat(
                    socket.send(
                        pattern.replace("{id}", session), routes.get(pattern), data, new byte[0]))
                .as(where)
                .matches("no ([a-z]+_)?not_found");
          });
    }
  }
}
