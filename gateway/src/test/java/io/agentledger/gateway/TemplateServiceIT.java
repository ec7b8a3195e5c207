package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Templates over REST, and sessions that are opened from them, with all modules. */
class TemplateServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final String TEMPLATES = "/api/v1/templates";
  private static final String REVIEW =
      """
      {"name": "Review", "description": "Looks at a file",
       "variables": [
         {"name": "file", "required": true, "pattern": "[a-z.]+"},
         {"name": "tone", "default_value": "kind"},
         {"name": "note"}],
       "session": {
         "title": "Review of ${file}",
         "metadata": {"tone": "${tone}", "kind": "review"},
         "budget_usd": "3",
         "options": {"max_turns": 7, "model": "claude-${tone}", "allowed_tools": ["Read"]}},
       "prompt": "Say ${file}, $${HOME} and [${note}]"}
      """;

  private static final ApiTestServer server = ApiTestServer.sharedService();

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static JsonNode createTemplate(String template) {
    return assertStatus(server.post(TEMPLATES, template), 201);
  }

  private static HttpResponse<String> openSession(String more) {
    return server.post("/api/v1/sessions", "{" + more + "}");
  }

  private static String openFromTemplate(JsonNode template) {
    return "\"template_id\": \"" + template.path("id").asString() + "\"";
  }

  private static void assertInvalid(HttpResponse<String> response, String... pointers) {
    var errors = assertStatus(response, 400).path("errors");
    assertThat(errors.values())
        .as(response.body())
        .map(error -> error.path("pointer").asString())
        .containsExactlyInAnyOrder(pointers);
  }

  @Test
  void sessionFollowsItsTemplateAndIssuesItsPrompt() {
    var template = createTemplate(REVIEW);
    var session =
        assertStatus(
            openSession(openFromTemplate(template) + ", \"variables\": {\"file\": \"a.txt\"}"),
            201);
    assertThat(session.path("title").asString()).isEqualTo("Review of a.txt");
    assertThat(session.path("metadata").toString())
        .isEqualTo("{\"kind\":\"review\",\"tone\":\"kind\"}");
    assertThat(session.path("options").path("max_turns").asInt()).isEqualTo(7);
    assertThat(session.path("options").path("model").asString()).isEqualTo("claude-kind");
    assertThat(session.path("origin").toString())
        .isEqualTo(
            "{\"type\":\"templated\",\"template_id\":" + template.path("id") + ",\"version\":1}");
    var messages = "/api/v1/sessions/" + session.path("id").asString() + "/messages";
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(server.get(messages).body()).contains("Say a.txt, ${HOME} and []"));
  }

  @Test
  void clientsValuesOverrideTheTemplate() {
    var template = createTemplate(REVIEW);
    var own =
        ", \"variables\": {\"file\": \"b\", \"tone\": \"dry\"}, \"title\": \"Mine\","
            + " \"metadata\": {\"tone\": \"own\", \"more\": \"x\"},"
            + " \"options\": {\"max_turns\": 2}";
    var session = assertStatus(openSession(openFromTemplate(template) + own), 201);
    assertThat(session.path("title").asString()).isEqualTo("Mine");
    assertThat(session.path("metadata").toString())
        .isEqualTo("{\"kind\":\"review\",\"more\":\"x\",\"tone\":\"own\"}");
    assertThat(session.path("options").path("max_turns").asInt()).isEqualTo(2);
    assertThat(session.path("options").path("model").asString()).isEqualTo("claude-dry");
    assertThat(session.path("options").path("allowed_tools").get(0).asString()).isEqualTo("Read");
  }

  @Test
  void rejectsMissingUnknownAndInvalidVariablesByName() {
    var template = openFromTemplate(createTemplate(REVIEW));
    assertInvalid(openSession(template), "/variables/file");
    assertInvalid(
        openSession(template + ", \"variables\": {\"file\": \"UP\", \"other\": \"x\"}"),
        "/variables/file",
        "/variables/other");
    assertInvalid(openSession(template + ", \"variables\": {\"file\": null}"), "/variables/file");
    assertInvalid(openSession("\"variables\": {\"file\": \"a\"}"), "/variables");
    assertThat(
            assertStatus(openSession("\"template_id\": \"tpl_zzzzzzzzzz\""), 404)
                .path("code")
                .asString())
        .isEqualTo("template_not_found");
    // The error and its position are known only after the rendering.
    var mode =
        createTemplate(
            "{\"name\": \"m\", \"variables\": [{\"name\": \"mode\"}],"
                + " \"session\": {\"options\": {\"permission_mode\": \"${mode}\"}}}");
    assertInvalid(
        openSession(openFromTemplate(mode) + ", \"variables\": {\"mode\": \"none\"}"),
        "/options/permission_mode");
    assertStatus(
        openSession(openFromTemplate(mode) + ", \"variables\": {\"mode\": \"plan\"}"), 201);
  }

  @Test
  void rejectsAnUnusableTemplateAtCreation() {
    assertInvalid(server.post(TEMPLATES, "{\"name\": \"x\", \"prompt\": \"${who}\"}"), "/prompt");
    assertInvalid(
        server.post(TEMPLATES, "{\"name\": \"x\", \"session\": {\"title\": \"${HOME:-x}\"}}"),
        "/session/title");
    assertInvalid(
        server.post(TEMPLATES, "{\"name\": \"x\", \"session\": {\"titel\": \"x\"}}"),
        "/session/titel");
    assertInvalid(
        server.post(TEMPLATES, "{\"name\": \"x\", \"session\": {\"options\": {\"max_turns\": 0}}}"),
        "/session/options/max_turns");
    assertInvalid(
        server.post(
            TEMPLATES,
            "{\"name\": \"x\", \"session\": {\"options\": {\"mcp_servers\":"
                + " {\"shop\": {\"type\": \"http\", \"url\": \"https://shop.example/mcp\"}}}}}"),
        "/session/options/mcp_servers");
    assertInvalid(
        server.post(
            TEMPLATES,
            "{\"name\": \"x\", \"variables\": [{\"name\": \"tool\"}], \"session\": {\"options\":"
                + " {\"allowed_tools\": [\"${tool}\", \"bash\"]}}}"),
        "/session/options/allowed_tools/1");
    assertInvalid(
        server.post(
            TEMPLATES, "{\"name\": \"x\", \"session\": {\"workspace\": {\"type\": \"git\"}}}"),
        "/session/workspace/url");
    var mounts =
        "{\"name\": \"x\", \"sharing\": \"%s\", \"variables\": [{\"name\": \"part\"}],"
            + " \"session\": {\"options\": {\"additional_directories\": [\"/srv/${part}\"]}}}";
    assertInvalid(
        server.post(TEMPLATES, mounts.formatted("tenant")),
        "/session/options/additional_directories/0");
    assertInvalid(
        server.post(TEMPLATES, mounts.formatted("tenant").replace("/srv/${part}", "${part}/srv")),
        "/session/options/additional_directories/0");
    assertStatus(server.post(TEMPLATES, mounts.formatted("private")), 201);
    var variables =
        "[{\"name\": \"a\", \"pattern\": \"(\"}, {\"name\": \"a\"},"
            + " {\"name\": \"b\", \"pattern\": \"x\", \"default_value\": \"y\"},"
            + " {\"name\": \"c\", \"required\": true, \"default_value\": \"y\"}]";
    assertInvalid(
        server.post(TEMPLATES, "{\"name\": \"x\", \"variables\": " + variables + "}"),
        "/variables/0/pattern",
        "/variables/1/name",
        "/variables/2/default_value",
        "/variables/3/default_value");
    assertInvalid(
        server.post(TEMPLATES, "{\"name\": \"x\", \"variables\": [{\"name\": \"1\"}]}"),
        "/variables/0/name");
  }

  @Test
  void valuesHaveTheirTypes() {
    var template =
        createTemplate(
            """
            {"name": "typed",
             "session": {"title": "At most ${turns}", "options": {"max_turns": "${turns}"}},
             "variables": [
               {"name": "turns", "type": "integer"},
               {"name": "strict", "type": "boolean"},
               {"name": "day", "type": "date"},
               {"name": "tone", "allowed_values": ["kind", "brief"]}]}
            """);
    var values = ", \"variables\": {\"turns\": 3, \"strict\": true, \"tone\": \"brief\"}";
    var session = assertStatus(openSession(openFromTemplate(template) + values), 201);
    assertThat(session.path("title").asString()).isEqualTo("At most 3");
    assertThat(session.at("/options/max_turns").asInt()).isEqualTo(3);
    assertStatus(openSession(openFromTemplate(template)), 201); // Without max_turns.
    var wrong =
        """
        , "variables": {"turns": 3.5, "strict": "yes", "day": "2026-02-30", "tone": "rude"}
        """;
    assertInvalid(
        openSession(openFromTemplate(template) + wrong),
        "/variables/turns",
        "/variables/strict",
        "/variables/day",
        "/variables/tone");
    assertInvalid(
        server.post(
            TEMPLATES,
            """
            {"name": "x", "variables": [{"name": "n", "type": "number",
             "default_value": "many", "allowed_values": ["1", "two"]}]}
            """),
        "/variables/0/allowed_values/1",
        "/variables/0/default_value");
    assertInvalid(
        server.post(
            TEMPLATES,
            """
            {"name": "x", "variables": [{"name": "n", "type": "integer"}],
             "session": {"title": "${n}", "options": {"max_turns": "${n}"}}}
            """),
        "/session/title");
  }

  @Test
  void allowedValuesMatchThePatternAndAreUnique() {
    assertInvalid(
        server.post(
            TEMPLATES,
            """
            {"name": "x", "variables": [{"name": "n", "pattern": "[a-z]+",
             "allowed_values": ["one", "Two", "one"]}]}
            """),
        "/variables/0/allowed_values/1",
        "/variables/0/allowed_values/2");
  }

  @Test
  void literalIsRefusedInFieldsForTextOnly() {
    var fields =
        """
        {"name": "x", "variables": [{"name": "n", "type": "integer"}, {"name": "b",
           "type": "boolean"}],
         "session": {"environment_id": "${n}", "budget_usd": "${n}", "metadata": {"a": "${b}"},
           "options": {"max_turns": "${n}", "checkpointing": "${b}", "effort": "high"}}}
        """;
    assertInvalid(
        server.post(TEMPLATES, fields),
        "/session/environment_id",
        "/session/budget_usd",
        "/session/metadata/a");
  }

  @Test
  void statisticsCountTheSessionsOfATemplateAndListsAreByCategory() {
    var template = createTemplate("{\"name\": \"counted\", \"category\": \"counted\"}");
    createTemplate("{\"name\": \"other\", \"category\": \"other\"}");
    var listed = assertStatus(server.get(TEMPLATES + "?category=counted"), 200).path("items");
    assertThat(listed.size()).isOne();
    assertThat(listed.at("/0/category").asString()).isEqualTo("counted");
    assertThat(server.get(TEMPLATES + "?category=%20").statusCode()).isEqualTo(400);
    assertInvalid(
        server.post(TEMPLATES, "{\"name\": \"x\", \"category\": \"" + "c".repeat(51) + "\"}"),
        "/category");
    var path = TEMPLATES + "/" + template.path("id").asString() + "/statistics";
    assertThat(assertStatus(server.get(path), 200).path("last_used_at").isNull()).isTrue();
    for (int i = 0; i < 2; i++) assertStatus(openSession(openFromTemplate(template)), 201);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              var statistics = assertStatus(server.get(path), 200);
              assertThat(statistics.path("sessions").asInt()).isEqualTo(2);
              assertThat(statistics.at("/runs/total").asInt()).isZero();
              assertThat(statistics.path("last_used_at").asString()).isNotEmpty();
            });
    var later = assertStatus(server.get(path + "?from=2999-01-01T00:00:00Z"), 200);
    assertThat(later.path("sessions").asInt()).isZero();
  }

  private static String variable(String name, String pattern) {
    return "{\"name\": \"%s\", \"pattern\": \"%s\", \"default_value\": \"%s\"}"
        .formatted(name, pattern, "a".repeat(10_000));
  }

  @Test
  void rejectsPatternsThatAreTooLargeAloneOrTogether() {
    var variables =
        List.of(
            variable("a", "(?:a?a?a?){1000}"), // It would overflow the stack.
            variable("b", "(?:a?){800}a*"),
            variable("c", "(?:a?){800}a*"),
            variable("d", "(?:a?){800}a*"),
            variable("e", "(?:a?){800}a*"));
    assertInvalid(
        server.post(TEMPLATES, "{\"name\": \"x\", \"variables\": " + variables + "}"),
        "/variables/0/pattern",
        "/variables/4/pattern");
  }

  @Test
  void templateIsNotReadForCallersWhoMayNotCreateOne() {
    var key = server.post("/api/v1/keys", "{\"name\": \"r\", \"scopes\": [\"sessions:read\"]}");
    var response =
        server.send(
            server
                .request(TEMPLATES)
                .setHeader(
                    "Authorization", "Bearer " + ApiTestServer.json(key).path("secret").asString())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\": \"x\", \"prompt\": \"${who}\"}")));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
  }

  private static HttpResponse<String> change(JsonNode template, String tag, String body) {
    return server.send(
        server
            .request(TEMPLATES + "/" + template.path("id").asString())
            .header("Content-Type", "application/json")
            .header("If-Match", tag)
            .PUT(BodyPublishers.ofString(body)));
  }

  @Test
  void versionsAreKeptAndSessionsRememberTheirs() {
    var template = createTemplate("{\"name\": \"one\", \"session\": {\"title\": \"first\"}}");
    var path = TEMPLATES + "/" + template.path("id").asString();
    var old = assertStatus(openSession(openFromTemplate(template)), 201);
    var second =
        assertStatus(
            change(template, "\"1\"", "{\"name\": \"two\", \"sharing\": \"tenant\"}"), 200);
    assertThat(second.path("version").asInt()).isEqualTo(2);
    assertThat(second.path("sharing").asString()).isEqualTo("tenant");
    assertThat(change(template, "\"1\"", "{\"name\": \"late\"}").statusCode()).isEqualTo(412);
    assertThat(
            assertStatus(openSession(openFromTemplate(template)), 201)
                .at("/origin/version")
                .asInt())
        .isEqualTo(2);
    assertThat(
            assertStatus(server.get("/api/v1/sessions/" + old.path("id").asString()), 200)
                .path("title")
                .asString())
        .isEqualTo("first");
    assertThat(server.send(server.request(path).DELETE()).statusCode()).isEqualTo(204);
    assertThat(assertStatus(openSession(openFromTemplate(template)), 409).path("code").asString())
        .isEqualTo("template_archived");
    assertThat(
            assertStatus(change(template, "\"2\"", "{\"name\": \"x\"}"), 409)
                .path("code")
                .asString())
        .isEqualTo("template_archived");
    var history = assertStatus(server.get(path + "/versions"), 200).path("items");
    assertThat(history.values())
        .map(
            node ->
                node.path("version").asInt() + node.path("name").asString() + node.path("archived"))
        .containsExactly("2twotrue", "2twofalse", "1onefalse");
    assertThat(server.get(TEMPLATES + "?limit=100").body()).doesNotContain(path.substring(18));
    assertThat(server.get(TEMPLATES + "?limit=100&include_archived=true").body())
        .contains(path.substring(18));
  }

  @Test
  void mostUsedTemplateComesFirst() {
    var rare = createTemplate("{\"name\": \"rare\"}").path("id").asString();
    var used = createTemplate("{\"name\": \"used\"}");
    createTemplate("{\"name\": \"never\"}");
    for (int i = 0; i < 4; i++) assertStatus(openSession(openFromTemplate(used)), 201);
    assertStatus(openSession("\"template_id\": \"" + rare + "\""), 201);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              var first = assertStatus(server.get(TEMPLATES + "?order=most_used&limit=1"), 200);
              assertThat(first.at("/items/0/id")).isEqualTo(used.path("id"));
              assertThat(first.at("/items/0/uses").asInt()).isEqualTo(4);
              assertThat(first.at("/items/0/last_used_at").asString()).isNotEmpty();
              var node = assertStatus(server.get(TEMPLATES + "/" + rare), 200);
              assertThat(node.path("uses").asInt()).isEqualTo(1);
            });
    var page = server.get(TEMPLATES + "?order=most_used&limit=1");
    var rest =
        server.get(
            TEMPLATES
                + "?order=most_used&limit=100&cursor="
                + ApiTestServer.json(page).path("next_cursor").asString());
    assertThat(assertStatus(rest, 200).path("items").values())
        .map(node -> node.path("id"))
        .doesNotContain(used.path("id"))
        .isNotEmpty();
    assertThat(server.get(TEMPLATES + "?order=best").statusCode()).isEqualTo(400);
  }

  @Test
  void repeatedKeyOpensOneSessionAndIssuesOneQuery() {
    var template = createTemplate("{\"name\": \"once\", \"prompt\": \"hello\"}");
    var body = "{" + openFromTemplate(template) + "}";
    var ids = new java.util.HashSet<String>();
    for (int i = 0; i < 2; i++) {
      var request =
          server
              .request("/api/v1/sessions")
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", "once-only")
              .POST(BodyPublishers.ofString(body));
      ids.add(assertStatus(server.send(request), 201).path("id").asString());
    }
    assertThat(ids).hasSize(1);
    var runs = "/api/v1/sessions/" + ids.iterator().next() + "/runs";
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(assertStatus(server.get(runs), 200).at("/items/0/status").asString())
                    .isEqualTo("completed"));
    assertThat(assertStatus(server.get(runs), 200).path("items").values()).hasSize(1);
  }
}
