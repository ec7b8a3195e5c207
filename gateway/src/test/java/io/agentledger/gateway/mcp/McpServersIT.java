package io.agentledger.gateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Registration of MCP servers: valid and invalid ones, and the file format of other programs. */
class McpServersIT {
  private static final String PATH = "/api/v1/mcp-servers";
  private static String file;
  private static String reference;

  private static String file() {
    return """
      {"mcpServers": {
        "files": {"command": "node", "args": ["a.js", "${DIR:-/tmp}"], "env": {"API_KEY": "%s"}},
        "remote": {"type": "http", "url": "https://mcp.example.com/mcp",
                   "headers": {"Authorization": "Bearer %s"}},
        "old": {"type": "sse", "url": "https://mcp.example.com/sse"}}}"""
        .formatted(reference, reference);
  }

  private static final ApiTestServer service = ApiTestServer.sharedService();

  @BeforeAll
  static void createVault() {
    var vault = ApiTestServer.json(service.post("/api/v1/vaults", "{\"name\": \"servers\"}"));
    reference = "${vault:" + vault.path("id").asString() + "/key}";
    file = file();
  }

  private static JsonNode json(String text) {
    return new JsonMapper().readTree(text);
  }

  private static HttpResponse<String> register(String name, String connection) {
    return service.post(PATH, "{\"name\": \"%s\", \"connection\": %s}".formatted(name, connection));
  }

  private static String program(String rest) {
    return "{\"type\": \"stdio\", \"command\": \"node\"%s}".formatted(rest);
  }

  @Test
  void serverIsRegisteredUpdatedSwitchedAndArchived() {
    var server = ApiTestServer.json(register("tools", program("")));
    var path = PATH + "/" + server.path("id").asString();
    assertThat(server.path("status").asString()).isEqualTo("unapproved");
    assertThat(server.at("/connection/type").asString()).isEqualTo("stdio");
    var off = service.send(service.request(path + "/disable").POST(BodyPublishers.noBody()));
    assertThat(ApiTestServer.json(off).path("status").asString()).isEqualTo("disabled");
    var on = service.send(service.request(path + "/enable").POST(BodyPublishers.noBody()));
    assertThat(ApiTestServer.json(on).path("status").asString()).isEqualTo("unapproved");
    var changed =
        service.send(
            service
                .request(path)
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofString(
                        "{\"name\": \"others\", \"connection\": %s}".formatted(program("")))));
    assertThat(ApiTestServer.json(changed).path("name").asString()).isEqualTo("others");
    assertThat(service.send(service.request(path).DELETE()).statusCode()).isEqualTo(204);
    assertThat(ApiTestServer.json(service.get(path)).path("status").asString())
        .isEqualTo("archived");
    assertThat(service.get(PATH).body()).doesNotContain(server.path("id").asString());
    assertThat(service.get(PATH + "?include_archived=true").body())
        .contains(server.path("id").asString());
  }

  @Test
  void rejectsApprovalOfAnotherDigest() {
    var id = ApiTestServer.json(register("tools", program(""))).path("id").asString();
    var response =
        service.post(
            PATH + "/" + id + "/approve", "{\"digest\": \"%s\"}".formatted("a".repeat(64)));
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(ApiTestServer.json(response).path("code").asString())
        .isEqualTo("mcp_server_changed");
  }

  @Test
  void definitionInARequestNeedsTheRoleOfAnAdmin() {
    var key =
        service.post(
            "/api/v1/keys",
            "{\"name\": \"writer\", \"scopes\": [\"sessions:read\", \"sessions:write\"]}");
    var secret = ApiTestServer.json(key).path("secret").asString();
    var body =
        "{\"options\": {\"mcp_servers\": {\"own\": {\"type\": \"stdio\", \"command\": \"node\"}}}}";
    var refused =
        service.send(
            service
                .requestAs(secret, "/api/v1/sessions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(403);
    assertThat(refused.body()).contains("the role admin with the scope mcp:write");

    var opened = service.post("/api/v1/sessions", body);
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    var session = ApiTestServer.json(opened).path("id").asString();
    var server = ApiTestServer.json(opened).at("/agent_config/mcp_servers/0/id").asString();
    assertThat(service.get(PATH + "?limit=100").body()).doesNotContain(server);
    var view = ApiTestServer.json(service.get(PATH + "/" + server));
    assertThat(view.path("session_id").asString()).isEqualTo(session);
    assertThat(view.path("status").asString()).isEqualTo("active");
    var rule = "{\"prompt\": \"hi\", \"options\": {\"allowed_tools\": [\"mcp__own\"]}}";
    assertThat(service.post("/api/v1/sessions/" + session + "/query", rule).statusCode())
        .isEqualTo(202);
    assertThat(service.post("/api/v1/query", rule).body()).contains("names no MCP server: own");
    assertThat(service.send(service.request("/api/v1/sessions/" + session).DELETE()).statusCode())
        .isEqualTo(204);
    assertThat(ApiTestServer.json(service.get(PATH + "/" + server)).path("status").asString())
        .isEqualTo("archived");
  }

  @Test
  void rejectsUnapprovedAndMissingServersForASession() {
    var id = ApiTestServer.json(register("tools", program(""))).path("id").asString();
    var refused =
        service.post("/api/v1/sessions", "{\"options\": {\"mcp_servers\": [\"" + id + "\"]}}");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(ApiTestServer.json(refused).path("code").asString())
        .isEqualTo("mcp_server_unusable");
    var nowhere =
        service.post("/api/v1/sessions", "{\"options\": {\"mcp_servers\": [\"mcp_2222222222\"]}}");
    assertThat(nowhere.statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client|{'type':'stdio','command':'node'}|/name",
        "a__b|{'type':'stdio','command':'node'}|/name",
        "a|{'type':'stdio','command':'node; rm -rf /'}|/connection/command",
        "a|{'type':'stdio','command':'node','env':{'API_KEY':'s3cret'}}|/connection/env/API_KEY",
        "a|{'type':'stdio','command':'node','env':{'A B':'x'}}|/connection/env",
        "a|{'type':'http','url':'ftp://x.example/'}|/connection/url",
        "a|{'type':'http','url':'https://u:p@x.example/'}|/connection/url",
        "a|{'type':'http','url':'https://x.example/?key=1'}|/connection/url",
        "a|{'type':'http','url':'https://x.example/','headers':{'Authorization':'Bearer abc'}}"
            + "|/connection/headers/Authorization",
        "a|{'type':'http','url':'https://x.example/','headers':{'Host':'y'}}|/connection/headers",
        "a|{'type':'sse','url':'https://x.example/','headers':{'X-A':'a\\u0001'}}"
            + "|/connection/headers/X-A"
      })
  void rejectsInvalidConnectionFieldsByPointer(String name, String connection, String pointer) {
    var response = register(name, connection.replace('\'', '"'));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).at("/errors/0/pointer").asString()).isEqualTo(pointer);
    assertThat(response.body()).doesNotContain("s3cret", "Bearer abc");
  }

  @Test
  void claudeDesktopFileRoundTrips() {
    var imported = service.post(PATH + "/import", file);
    assertThat(imported.statusCode()).as(imported.body()).isEqualTo(201);
    assertThat(ApiTestServer.json(imported).valueStream().map(node -> node.path("name").asString()))
        .containsExactly("files", "remote", "old");
    var exported = ApiTestServer.json(service.get(PATH + "/export")).path("mcpServers");
    var given = json(file).path("mcpServers");
    assertThat(exported.path("files").path("args")).isEqualTo(given.path("files").path("args"));
    assertThat(exported.path("files").path("env")).isEqualTo(given.path("files").path("env"));
    assertThat(exported.at("/remote/headers")).isEqualTo(given.at("/remote/headers"));
    assertThat(exported.at("/old/type").asString()).isEqualTo("sse");
  }

  @Test
  void importedTimeoutInMillisecondsIsShownInSecondsAndExportedAgain() {
    var file = "{\"mcpServers\": {\"brief\": {\"command\": \"node\", \"timeout\": 1500}}}";
    var imported = service.post(PATH + "/import", file);
    assertThat(imported.statusCode()).as(imported.body()).isEqualTo(201);
    assertThat(ApiTestServer.json(imported).at("/0/limits/call_timeout_seconds").asDouble())
        .isEqualTo(1.5);
    var exported = ApiTestServer.json(service.get(PATH + "/export")).at("/mcpServers/brief");
    assertThat(exported.path("timeout").asLong()).isEqualTo(1500);
  }

  @Test
  void importWithOneInvalidServerRegistersNone() {
    var wrong = file.replace("https://mcp.example.com/sse", "file:///etc").replace("files", "none");
    var response = service.post(PATH + "/import", wrong);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).at("/errors/0/pointer").asString())
        .isEqualTo("/mcpServers/old/url");
    assertThat(service.get(PATH).body()).doesNotContain("\"none\"");
  }

  @Test
  void templateIsRegisteredOnceItsSecretIsNamed() {
    var templates = ApiTestServer.json(service.get(PATH + "/templates"));
    assertThat(templates.size()).isGreaterThan(5);
    for (var template : templates) {
      var connection =
          template.path("connection").toString().replace("${vault:VAULT/NAME}", reference);
      var response = register(template.path("name").asString(), connection);
      assertThat(response.statusCode()).as("%s: %s", template, response.body()).isEqualTo(201);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'name':'a b','description':'','input_schema':{'type':'object'}}|/options/client_tools/0/name",
        "{'name':'a','description':'','input_schema':{'type':'string'}}|/options/client_tools/0/input_schema",
        "{'name':'a','description':'','input_schema':'x'}|/options/client_tools/0/input_schema",
        "{'name':'a','input_schema':{'type':'object'}}|/options/client_tools/0/description"
      })
  void clientToolHasANameADescriptionAndASchema(String tool, String pointer) {
    var response =
        service.post(
            "/api/v1/sessions",
            "{\"options\": {\"client_tools\": [" + tool.replace('\'', '"') + "]}}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(response).at("/errors/0/pointer").asString()).isEqualTo(pointer);
  }

  private static HttpResponse<String> put(String path, String body) {
    return service.send(
        service
            .request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  @Test
  void limitsAreBoundedUpdatedAndRemoved() {
    var wrong =
        service.post(
            PATH,
            "{\"name\": \"slow\", \"connection\": %s, \"limits\": {\"call_timeout_seconds\": 0}}"
                .formatted(program("")));
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(wrong).at("/errors/0/pointer").asString())
        .isEqualTo("/limits/call_timeout_seconds");
    var server = ApiTestServer.json(register("slow", program("")));
    assertThat(server.at("/limits/call_timeout_seconds").isNull()).isTrue();
    var path = PATH + "/" + server.path("id").asString();
    var body =
        "{\"name\": \"slow\", \"connection\": %s, \"limits\": {\"response_timeout_seconds\": 5}}"
            .formatted(program(""));
    var bounded = ApiTestServer.json(put(path, body));
    assertThat(bounded.at("/limits/response_timeout_seconds").asLong()).isEqualTo(5);
    var without = "{\"name\": \"slow\", \"connection\": %s}".formatted(program(""));
    assertThat(
            ApiTestServer.json(put(path, without)).at("/limits/response_timeout_seconds").isNull())
        .isTrue();
  }

  @Test
  void openSessionIsToldItsUnavailableServers() {
    var id = ApiTestServer.json(register("tools", program(""))).path("id").asString();
    var tools = "/api/v1/sessions/" + service.openSession() + "/tools";
    var response =
        put(
            tools,
            """
            {"mcp_servers": ["%s"], "client_tools": [{"name": "lookup", "description": "Looks.",
             "input_schema": {"type": "object"}}]}"""
                .formatted(id));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(ApiTestServer.json(response).at("/added/0").asString()).isEqualTo("client");
    assertThat(ApiTestServer.json(response).at("/errors/" + id).asString())
        .isEqualTo("no admin has approved it");
    assertThat(ApiTestServer.json(put(tools, "{}")).at("/removed/0").asString())
        .isEqualTo("client");
    var wrong =
        put(
            tools,
            "{\"client_tools\": [{\"name\": \"x\", \"description\": \"\","
                + " \"input_schema\": {\"type\": \"array\"}}]}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(wrong).at("/errors/0/pointer").asString())
        .isEqualTo("/client_tools/0/input_schema");
  }

  @Test
  void answerWithoutAnElicitationIsRejected() {
    var inputs = "/api/v1/sessions/" + service.openSession() + "/inputs";
    var unknown =
        service.post(
            inputs,
            "{\"inputs\": [{\"type\": \"answer_elicitation\", \"action\": \"decline\","
                + " \"action_id\": \"act_2222222222\"}]}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    var wrong =
        service.post(
            inputs,
            "{\"inputs\": [{\"type\": \"answer_elicitation\", \"action\": \"perhaps\","
                + " \"action_id\": \"act_2222222222\"}]}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(wrong).at("/errors/0/pointer").asString())
        .isEqualTo("/inputs/0/action");
  }
}
