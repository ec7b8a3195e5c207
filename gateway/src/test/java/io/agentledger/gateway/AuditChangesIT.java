package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Changes of configuration as the access audit shows them, over REST with all modules. */
class AuditChangesIT {
  private static final String AUDIT = "/api/v1/audit";

  private static final ApiTestServer server = ApiTestServer.sharedService();

  private final String name = "audited " + UUID.randomUUID();

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static JsonNode create(String path, String body) {
    return assertStatus(server.post(path, body), 201);
  }

  private static JsonNode change(String method, String path, int version, String body) {
    return assertStatus(
        server.send(
            server
                .request(path)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"" + version + "\"")
                .method(method, BodyPublishers.ofString(body))),
        200);
  }

  private static List<JsonNode> entries(String filter) {
    return assertStatus(server.get(AUDIT + "?" + filter), 200).path("items").valueStream().toList();
  }

  /** Returns the action of the last change of a resource, with its changes. */
  private static String lastChange(JsonNode id) {
    var entry = entries("changes=true&limit=1&resource_id=" + id.asString()).getFirst();
    assertThat(entry.path("actor").asString()).startsWith("user:usr_");
    assertThat(entry.path("changes_omitted").asInt()).isZero();
    var lines =
        entry
            .path("changes")
            .valueStream()
            .map(c -> c.path("field").asString() + " " + c.path("before") + " " + c.path("after"))
            .toList();
    return entry.path("action").asString() + lines;
  }

  @Test
  void anEnvironmentIsShownBeforeAndAfterItsChange() {
    var id = create("/api/v1/environments", "{\"name\": \"" + name + "\"}").path("id");
    change(
        "PATCH",
        "/api/v1/environments/" + id.asString(),
        1,
        "{\"limits\": {\"processes\": 128}, \"description\": \"for reviews\"}");
    assertThat(lastChange(id))
        .isEqualTo("EnvironmentChanged[limits.processes 0 128, notes null null, version 1 2]");
    assertStatus(server.post("/api/v1/environments/" + id.asString() + "/archive", ""), 200);
    assertThat(lastChange(id)).isEqualTo("EnvironmentArchived[status \"active\" \"archived\"]");
  }

  @Test
  void anAgentIsShownWithItsNameAndSharingButNotItsDefinition() {
    var body = "{\"name\": \"%s\", \"sharing\": \"%s\", \"instructions\": \"%s\"}";
    var id = create("/api/v1/agents", body.formatted(name, "private", "Be brief.")).path("id");
    change(
        "PUT",
        "/api/v1/agents/" + id.asString(),
        1,
        body.formatted(name + " 2", "tenant", "Be briefer."));
    assertThat(lastChange(id))
        .isEqualTo(
            "AgentChanged[definition null null, name \"%s\" \"%s 2\", sharing \"private\" \"tenant\", version 1 2]"
                .formatted(name, name));
    var entry = entries("changes=true&limit=1&resource_id=" + id.asString()).getFirst();
    assertThat(entry.at("/changes/0/withheld").asBoolean()).isTrue();
    assertThat(entry.toString()).doesNotContain("Be brief");
  }

  @Test
  void aRoleIsShownBeforeAndAfter() {
    var email = UUID.randomUUID() + "@example.com";
    var invited =
        create("/api/v1/invitations", "{\"email\": \"%s\", \"role\": \"member\"}".formatted(email));
    var joined =
        create(
            "/api/v1/invitations/accept",
            "{\"token\": \"%s\", \"name\": \"Bob\", \"password\": \"a password of twelve\"}"
                .formatted(invited.path("token").asString()));
    var id = joined.path("user_id");
    change("PATCH", "/api/v1/users/" + id.asString(), 1, "{\"role\": \"viewer\"}");
    assertThat(lastChange(id)).isEqualTo("UserRoleChanged[role \"member\" \"viewer\"]");
    assertThat(entries("changes=true&resource_id=" + id.asString()).toString())
        .doesNotContain(email, "Bob", "a password");
  }

  @Test
  void secretsAreInNoEntryNoExportAndNoTableOfTheAudit() {
    var canary = "c4nary" + UUID.randomUUID().toString().replace("-", "");
    var vault = create("/api/v1/vaults", "{\"name\": \"" + name + "\"}").path("id").asString();
    var secret = "/api/v1/vaults/" + vault + "/secrets/shop";
    change(
        "PUT",
        secret,
        0,
        "{\"type\": \"static_bearer\", \"url\": \"https://mcp.example.com/%s\", \"token\": \"%s\"}"
            .formatted(canary, canary));
    var hook =
        create(
            "/api/v1/hooks",
            """
            {"name": "%s", "enabled": false, "point": "Stop", "target": {"type": "http",
              "url": "https://93.184.215.14/%s?key=%s", "headers": {"X-Key": "%s"}}}"""
                .formatted(name, canary, canary, canary));
    var mcp =
        create(
            "/api/v1/mcp-servers",
            """
            {"name": "m%s", "connection": {"type": "stdio", "command": "npx", "args": ["%s"],
              "env": {"REGION": "%s"}}}"""
                .formatted(canary.substring(30), canary, canary));

    assertThat(lastChange(hook.path("id")))
        .contains("target.headers null null", "target.url null \"https://93.184.215.14\"");
    assertThat(lastChange(mcp.path("id"))).contains("connection.env null null");
    var filter = "changes=true&limit=500";
    var shown =
        server.get(AUDIT + "?" + filter).body()
            + server.get(AUDIT + "/export?format=ndjson").body()
            + server.get(AUDIT + "/export?format=csv").body();
    assertThat(shown).contains("secrets[shop].version", "https://93.184.215.14");
    assertThat(shown).doesNotContain(canary);
    for (var table : List.of("audit_row", "audit_state"))
      assertThat(rowsOf(table))
          .anyMatch(row -> row.contains("https://93.184.215.14"))
          .noneMatch(row -> row.contains(canary));
  }

  private static List<String> rowsOf(String table) {
    return server
        .bean(JdbcClient.class)
        .sql("select t::text from " + table + " t")
        .query(String.class)
        .list();
  }

  @Test
  void filtersSelectChangesAndTypes() {
    create("/api/v1/environments", "{\"name\": \"" + name + "\"}");
    assertThat(entries("resource_type=environment&changes=true"))
        .isNotEmpty()
        .allMatch(entry -> entry.path("resource_type").asString().equals("environment"))
        .noneMatch(entry -> entry.path("changes").isEmpty());
    server.get(AUDIT + "/export?format=csv&changes=false&resource_type=environment");
    assertThat(entries("changes=false&resource_type=access_audit"))
        .isNotEmpty()
        .allMatch(entry -> entry.path("changes").isEmpty())
        .anyMatch(
            entry ->
                entry
                    .at("/details/filter")
                    .asString("")
                    .equals("changes=false&resource_type=environment"));
  }

  @ParameterizedTest
  @CsvSource({"changes=maybe,changes", "changes=,changes", "resource_type=,resource_type"})
  void invalidFilterIsRejectedWithItsRule(String query, String parameter) {
    var problem = assertStatus(server.get(AUDIT + "?" + query), 400);
    assertThat(problem.at("/errors/0/parameter").asString()).as("%s", problem).isEqualTo(parameter);
    assertThat(problem.at("/errors/0/detail").asString()).startsWith("must");
  }

  @Test
  void exportsContainTheChanges() {
    var id = create("/api/v1/environments", "{\"name\": \"" + name + "\"}").path("id");
    var filter = "&resource_id=" + URLEncoder.encode(id.asString(), StandardCharsets.UTF_8);
    var listed = entries("limit=1" + filter).getFirst();
    assertThat(server.get(AUDIT + "/export?format=ndjson" + filter).body().lines())
        .singleElement()
        .satisfies(line -> assertThat(listed.toString()).isEqualTo(line));
    var csv = server.get(AUDIT + "/export?format=csv" + filter).body();
    assertThat(csv.lines().findFirst().orElseThrow()).endsWith("\"changes\",\"changes_omitted\"");
    assertThat(csv).contains("\"" + listed.path("changes").toString().replace("\"", "\"\"") + "\"");
  }
}
