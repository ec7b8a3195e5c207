package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Templates over REST, and the sessions that are opened from them, with all sides behind them. */
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

  private static final ApiTestServer doors = ApiTestServer.sharedHouse();

  private static JsonNode done(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return ApiTestServer.json(answer);
  }

  private static JsonNode made(String template) {
    return done(doors.post(TEMPLATES, template), 201);
  }

  private static HttpResponse<String> opened(String more) {
    return doors.post("/api/v1/sessions", "{" + more + "}");
  }

  private static String from(JsonNode template) {
    return "\"template\": \"" + template.path("id").asString() + "\"";
  }

  private static void isWrong(HttpResponse<String> answer, String... pointers) {
    var errors = done(answer, 400).path("errors");
    assertThat(errors.values())
        .as(answer.body())
        .map(error -> error.path("pointer").asString())
        .containsExactlyInAnyOrder(pointers);
  }

  @Test
  void aSessionIsWhatItsTemplateSaysAndItsPromptIsAsked() {
    var template = made(REVIEW);
    var session = done(opened(from(template) + ", \"variables\": {\"file\": \"a.txt\"}"), 201);
    assertThat(session.path("title").asString()).isEqualTo("Review of a.txt");
    assertThat(session.path("metadata").toString())
        .isEqualTo("{\"kind\":\"review\",\"tone\":\"kind\"}");
    assertThat(session.path("options").path("max_turns").asInt()).isEqualTo(7);
    assertThat(session.path("options").path("model").asString()).isEqualTo("claude-kind");
    assertThat(session.path("origin").toString())
        .isEqualTo(
            "{\"type\":\"templated\",\"template\":" + template.path("id") + ",\"version\":1}");
    var messages = "/api/v1/sessions/" + session.path("id").asString() + "/messages";
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> assertThat(doors.get(messages).body()).contains("Say a.txt, ${HOME} and []"));
  }

  @Test
  void whatTheClientSaysWins() {
    var template = made(REVIEW);
    var own =
        ", \"variables\": {\"file\": \"b\", \"tone\": \"dry\"}, \"title\": \"Mine\","
            + " \"metadata\": {\"tone\": \"own\", \"more\": \"x\"},"
            + " \"options\": {\"max_turns\": 2}";
    var session = done(opened(from(template) + own), 201);
    assertThat(session.path("title").asString()).isEqualTo("Mine");
    assertThat(session.path("metadata").toString())
        .isEqualTo("{\"kind\":\"review\",\"more\":\"x\",\"tone\":\"own\"}");
    assertThat(session.path("options").path("max_turns").asInt()).isEqualTo(2);
    assertThat(session.path("options").path("model").asString()).isEqualTo("claude-dry");
    assertThat(session.path("options").path("allowed_tools").get(0).asString()).isEqualTo("Read");
  }

  @Test
  void everyVariableThatIsMissingUnknownOrWrongIsNamed() {
    var template = from(made(REVIEW));
    isWrong(opened(template), "/variables/file");
    isWrong(
        opened(template + ", \"variables\": {\"file\": \"UP\", \"other\": \"x\"}"),
        "/variables/file",
        "/variables/other");
    isWrong(opened(template + ", \"variables\": {\"file\": null}"), "/variables/file");
    isWrong(opened("\"variables\": {\"file\": \"a\"}"), "/variables");
    assertThat(done(opened("\"template\": \"tpl_zzzzzzzzzz\""), 404).path("code").asString())
        .isEqualTo("template_not_found");
    // Only now is it known that it is wrong, and where.
    var mode =
        made(
            "{\"name\": \"m\", \"variables\": [{\"name\": \"mode\"}],"
                + " \"session\": {\"options\": {\"permission_mode\": \"${mode}\"}}}");
    isWrong(
        opened(from(mode) + ", \"variables\": {\"mode\": \"none\"}"), "/options/permission_mode");
    done(opened(from(mode) + ", \"variables\": {\"mode\": \"plan\"}"), 201);
  }

  @Test
  void aTemplateThatCannotBeUsedIsRefusedWhenItIsMade() {
    isWrong(doors.post(TEMPLATES, "{\"name\": \"x\", \"prompt\": \"${who}\"}"), "/prompt");
    isWrong(
        doors.post(TEMPLATES, "{\"name\": \"x\", \"session\": {\"title\": \"${HOME:-x}\"}}"),
        "/session/title");
    isWrong(
        doors.post(TEMPLATES, "{\"name\": \"x\", \"session\": {\"titel\": \"x\"}}"),
        "/session/titel");
    isWrong(
        doors.post(TEMPLATES, "{\"name\": \"x\", \"session\": {\"options\": {\"max_turns\": 0}}}"),
        "/session/options/max_turns");
    isWrong(
        doors.post(
            TEMPLATES, "{\"name\": \"x\", \"session\": {\"workspace\": {\"type\": \"git\"}}}"),
        "/session/workspace/url");
    var variables =
        "[{\"name\": \"a\", \"pattern\": \"(\"}, {\"name\": \"a\"},"
            + " {\"name\": \"b\", \"pattern\": \"x\", \"default_value\": \"y\"},"
            + " {\"name\": \"c\", \"required\": true, \"default_value\": \"y\"}]";
    isWrong(
        doors.post(TEMPLATES, "{\"name\": \"x\", \"variables\": " + variables + "}"),
        "/variables/0/pattern",
        "/variables/1/name",
        "/variables/2/default_value",
        "/variables/3/default_value");
    isWrong(
        doors.post(TEMPLATES, "{\"name\": \"x\", \"variables\": [{\"name\": \"1\"}]}"),
        "/variables/0/name");
  }

  private static HttpResponse<String> change(JsonNode template, String tag, String body) {
    return doors.send(
        doors
            .request(TEMPLATES + "/" + template.path("id").asString())
            .header("Content-Type", "application/json")
            .header("If-Match", tag)
            .PUT(BodyPublishers.ofString(body)));
  }

  @Test
  void itsVersionsAreKeptAndSessionsRememberTheirs() {
    var template = made("{\"name\": \"one\", \"session\": {\"title\": \"first\"}}");
    var path = TEMPLATES + "/" + template.path("id").asString();
    var old = done(opened(from(template)), 201);
    var second =
        done(change(template, "\"1\"", "{\"name\": \"two\", \"sharing\": \"tenant\"}"), 200);
    assertThat(second.path("version").asInt()).isEqualTo(2);
    assertThat(second.path("sharing").asString()).isEqualTo("tenant");
    assertThat(change(template, "\"1\"", "{\"name\": \"late\"}").statusCode()).isEqualTo(412);
    assertThat(done(opened(from(template)), 201).at("/origin/version").asInt()).isEqualTo(2);
    assertThat(
            done(doors.get("/api/v1/sessions/" + old.path("id").asString()), 200)
                .path("title")
                .asString())
        .isEqualTo("first");
    assertThat(doors.send(doors.request(path).DELETE()).statusCode()).isEqualTo(204);
    assertThat(done(opened(from(template)), 409).path("code").asString())
        .isEqualTo("template_archived");
    assertThat(done(change(template, "\"2\"", "{\"name\": \"x\"}"), 409).path("code").asString())
        .isEqualTo("template_archived");
    var history = done(doors.get(path + "/history"), 200).path("items");
    assertThat(history.values())
        .map(
            node ->
                node.path("version").asInt() + node.path("name").asString() + node.path("archived"))
        .containsExactly("2twotrue", "2twofalse", "1onefalse");
    assertThat(doors.get(TEMPLATES + "?limit=100").body()).doesNotContain(path.substring(18));
    assertThat(doors.get(TEMPLATES + "?limit=100&include_archived=true").body())
        .contains(path.substring(18));
  }

  @Test
  void theMostUsedComesFirst() {
    var rare = made("{\"name\": \"rare\"}").path("id").asString();
    var used = made("{\"name\": \"used\"}");
    made("{\"name\": \"never\"}");
    for (int i = 0; i < 4; i++) done(opened(from(used)), 201);
    done(opened("\"template\": \"" + rare + "\""), 201);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              var first = done(doors.get(TEMPLATES + "?order=most_used&limit=1"), 200);
              assertThat(first.at("/items/0/id")).isEqualTo(used.path("id"));
              assertThat(first.at("/items/0/uses").asInt()).isEqualTo(4);
              assertThat(first.at("/items/0/last_used_at").asString()).isNotEmpty();
              var node = done(doors.get(TEMPLATES + "/" + rare), 200);
              assertThat(node.path("uses").asInt()).isEqualTo(1);
            });
    var page = doors.get(TEMPLATES + "?order=most_used&limit=1");
    var rest =
        doors.get(
            TEMPLATES
                + "?order=most_used&limit=100&cursor="
                + ApiTestServer.json(page).path("next").asString());
    assertThat(done(rest, 200).path("items").values())
        .map(node -> node.path("id"))
        .doesNotContain(used.path("id"))
        .isNotEmpty();
    assertThat(doors.get(TEMPLATES + "?order=best").statusCode()).isEqualTo(400);
  }

  @Test
  void theSameKeyOpensOneSessionAndAsksOnce() {
    var template = made("{\"name\": \"once\", \"prompt\": \"hello\"}");
    var body = "{" + from(template) + "}";
    var ids = new java.util.HashSet<String>();
    for (int i = 0; i < 2; i++) {
      var request =
          doors
              .request("/api/v1/sessions")
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", "once-only")
              .POST(BodyPublishers.ofString(body));
      ids.add(done(doors.send(request), 201).path("id").asString());
    }
    assertThat(ids).hasSize(1);
    var runs = "/api/v1/sessions/" + ids.iterator().next() + "/runs";
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(done(doors.get(runs), 200).at("/items/0/state").asString())
                    .isEqualTo("completed"));
    assertThat(done(doors.get(runs), 200).path("items").values()).hasSize(1);
  }
}
