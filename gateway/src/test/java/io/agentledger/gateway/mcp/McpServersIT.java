package io.agentledger.gateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What can be registered, what is refused, and the form in which other programs keep servers. */
class McpServersIT {
  private static final String PATH = "/api/v1/mcp-servers";
  private static final String REFERENCE = "${vault:vlt_2222222222/key}";
  private static final String FILE =
      """
      {"mcpServers": {
        "files": {"command": "node", "args": ["a.js", "${DIR:-/tmp}"], "env": {"API_KEY": "%s"}},
        "remote": {"type": "http", "url": "https://mcp.example.com/mcp",
                   "headers": {"Authorization": "Bearer %s"}},
        "old": {"type": "sse", "url": "https://mcp.example.com/sse"}}}"""
          .formatted(REFERENCE, REFERENCE);

  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    doors = ApiTestServer.house(home);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  private static JsonNode json(String text) {
    return new JsonMapper().readTree(text);
  }

  private static HttpResponse<String> register(String name, String connection) {
    return doors.post(PATH, "{\"name\": \"%s\", \"connection\": %s}".formatted(name, connection));
  }

  private static String program(String rest) {
    return "{\"type\": \"stdio\", \"command\": \"node\"%s}".formatted(rest);
  }

  @Test
  void aServerIsRegisteredChangedSwitchedAndArchived() {
    var server = ApiTestServer.json(register("tools", program("")));
    var path = PATH + "/" + server.path("id").asString();
    assertThat(server.path("standing").asString()).isEqualTo("unapproved");
    assertThat(server.at("/connection/type").asString()).isEqualTo("stdio");
    var off = doors.send(doors.request(path + "/disable").POST(BodyPublishers.noBody()));
    assertThat(ApiTestServer.json(off).path("standing").asString()).isEqualTo("disabled");
    var on = doors.send(doors.request(path + "/enable").POST(BodyPublishers.noBody()));
    assertThat(ApiTestServer.json(on).path("standing").asString()).isEqualTo("unapproved");
    var changed =
        doors.send(
            doors
                .request(path)
                .header("Content-Type", "application/json")
                .PUT(
                    BodyPublishers.ofString(
                        "{\"name\": \"others\", \"connection\": %s}".formatted(program("")))));
    assertThat(ApiTestServer.json(changed).path("name").asString()).isEqualTo("others");
    assertThat(doors.send(doors.request(path).DELETE()).statusCode()).isEqualTo(204);
    assertThat(ApiTestServer.json(doors.get(path)).path("standing").asString())
        .isEqualTo("archived");
    assertThat(doors.get(PATH).body()).doesNotContain(server.path("id").asString());
    assertThat(doors.get(PATH + "?include_archived=true").body())
        .contains(server.path("id").asString());
  }

  @Test
  void whatWasNotFoundCannotBeAgreedTo() {
    var id = ApiTestServer.json(register("tools", program(""))).path("id").asString();
    var answer =
        doors.post(PATH + "/" + id + "/approve", "{\"digest\": \"%s\"}".formatted("a".repeat(64)));
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(ApiTestServer.json(answer).path("code").asString()).isEqualTo("not_as_found");
  }

  @Test
  void aSessionCannotChooseWhatNobodyAgreedToNorWhatIsNotThere() {
    var id = ApiTestServer.json(register("tools", program(""))).path("id").asString();
    var refused =
        doors.post("/api/v1/sessions", "{\"options\": {\"mcp_servers\": [\"" + id + "\"]}}");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(ApiTestServer.json(refused).path("code").asString())
        .isEqualTo("mcp_server_unusable");
    var nowhere =
        doors.post("/api/v1/sessions", "{\"options\": {\"mcp_servers\": [\"mcp_2222222222\"]}}");
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
  void whatMayNotStandInAConnectionIsRefusedWhereItStands(
      String name, String connection, String pointer) {
    var answer = register(name, connection.replace('\'', '"'));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(answer).at("/errors/0/pointer").asString()).isEqualTo(pointer);
    assertThat(answer.body()).doesNotContain("s3cret", "Bearer abc");
  }

  @Test
  void aFileOfClaudeDesktopsComesInAndGoesOutAsItWas() {
    var imported = doors.post(PATH + "/import", FILE);
    assertThat(imported.statusCode()).as(imported.body()).isEqualTo(201);
    assertThat(ApiTestServer.json(imported).valueStream().map(node -> node.path("name").asString()))
        .containsExactly("files", "remote", "old");
    var exported = ApiTestServer.json(doors.get(PATH + "/export")).path("mcpServers");
    var given = json(FILE).path("mcpServers");
    assertThat(exported.path("files").path("args")).isEqualTo(given.path("files").path("args"));
    assertThat(exported.path("files").path("env")).isEqualTo(given.path("files").path("env"));
    assertThat(exported.at("/remote/headers")).isEqualTo(given.at("/remote/headers"));
    assertThat(exported.at("/old/type").asString()).isEqualTo("sse");
  }

  @Test
  void anImportOfWhichOneIsWrongRegistersNone() {
    var wrong = FILE.replace("https://mcp.example.com/sse", "file:///etc").replace("files", "none");
    var answer = doors.post(PATH + "/import", wrong);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(answer).at("/errors/0/pointer").asString())
        .isEqualTo("/mcpServers/old/url");
    assertThat(doors.get(PATH).body()).doesNotContain("\"none\"");
  }

  @Test
  void aTemplateCanBeRegisteredOnceItsSecretIsNamed() {
    var templates = ApiTestServer.json(doors.get(PATH + "/templates"));
    assertThat(templates.size()).isGreaterThan(5);
    for (var template : templates) {
      var connection =
          template.path("connection").toString().replace("VAULT/NAME", "vlt_2222222222/key");
      var answer = register(template.path("name").asString(), connection);
      assertThat(answer.statusCode()).as("%s: %s", template, answer.body()).isEqualTo(201);
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
  void aClientsToolHasANameADescriptionAndASchema(String tool, String pointer) {
    var answer =
        doors.post(
            "/api/v1/sessions",
            "{\"options\": {\"client_tools\": [" + tool.replace('\'', '"') + "]}}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(ApiTestServer.json(answer).at("/errors/0/pointer").asString()).isEqualTo(pointer);
  }

  private static HttpResponse<String> put(String path, String body) {
    return doors.send(
        doors
            .request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  @Test
  void limitsAreBoundedAndAreChangedAndTakenAway() {
    var wrong =
        doors.post(
            PATH,
            "{\"name\": \"slow\", \"connection\": %s, \"limits\": {\"call_timeout_ms\": 10}}"
                .formatted(program("")));
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(wrong).at("/errors/0/pointer").asString())
        .isEqualTo("/limits/call_timeout_ms");
    var server = ApiTestServer.json(register("slow", program("")));
    assertThat(server.at("/limits/call_timeout_ms").isNull()).isTrue();
    var path = PATH + "/" + server.path("id").asString();
    var body =
        "{\"name\": \"slow\", \"connection\": %s, \"limits\": {\"answer_timeout_ms\": 5000}}"
            .formatted(program(""));
    var bounded = ApiTestServer.json(put(path, body));
    assertThat(bounded.at("/limits/answer_timeout_ms").asLong()).isEqualTo(5000);
    var without = "{\"name\": \"slow\", \"connection\": %s}".formatted(program(""));
    assertThat(ApiTestServer.json(put(path, without)).at("/limits/answer_timeout_ms").isNull())
        .isTrue();
  }

  @Test
  void anOpenSessionIsToldWhatItCannotHave() {
    var id = ApiTestServer.json(register("tools", program(""))).path("id").asString();
    var tools = "/api/v1/sessions/" + doors.openSession() + "/tools";
    var answer =
        put(
            tools,
            """
            {"mcp_servers": ["%s"], "client_tools": [{"name": "lookup", "description": "Looks.",
             "input_schema": {"type": "object"}}]}"""
                .formatted(id));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(ApiTestServer.json(answer).at("/added/0").asString()).isEqualTo("client");
    assertThat(ApiTestServer.json(answer).at("/errors/" + id).asString())
        .isEqualTo("no admin has agreed to it");
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
  void whatNoServerAskedIsNotAnswered() {
    var inputs = "/api/v1/sessions/" + doors.openSession() + "/inputs";
    var unknown =
        doors.post(
            inputs,
            "{\"inputs\": [{\"type\": \"answer_elicitation\", \"action\": \"decline\","
                + " \"action_id\": \"act_2222222222\"}]}");
    assertThat(unknown.statusCode()).isEqualTo(404);
    var wrong =
        doors.post(
            inputs,
            "{\"inputs\": [{\"type\": \"answer_elicitation\", \"action\": \"perhaps\","
                + " \"action_id\": \"act_2222222222\"}]}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(ApiTestServer.json(wrong).at("/errors/0/pointer").asString())
        .isEqualTo("/inputs/0/action");
  }
}
