package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.CliCommands;
import io.agentledger.store.NodeHome;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Agents over REST, and sessions that are opened with them, with all modules. */
class AgentServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String AGENTS = "/api/v1/agents";
  private static final String SESSIONS = "/api/v1/sessions";
  private static final String REVIEWER =
      """
      {"name": "%s", "description": "Reviews files", "instructions": "Be brief.",
       "session": {
         "metadata": {"kind": "review", "tone": "dry"},
         "budget_usd": "3",
         "options": {"max_turns": 7, "model": "claude-a", "effort": "low",
           "system_prompt": {"type": "append", "text": "You review."},
           "allowed_tools": ["Read"], "permission_mode": "plan"}}}
      """;

  private static final ApiTestServer server = ApiTestServer.sharedService();

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static JsonNode create(String body) {
    return assertStatus(server.post(AGENTS, body), 201);
  }

  private static HttpResponse<String> open(JsonNode agent, String more) {
    return server.post(SESSIONS, "{\"agent_id\": " + agent.path("id") + more + "}");
  }

  private static HttpResponse<String> change(JsonNode agent, String tag, String body) {
    return server.send(
        server
            .request(AGENTS + "/" + agent.path("id").asString())
            .header("Content-Type", "application/json")
            .header("If-Match", tag)
            .PUT(BodyPublishers.ofString(body)));
  }

  private static String agentOf(JsonNode session) {
    return session.at("/agent/name").asString() + " " + session.at("/agent/version");
  }

  private static void assertInvalid(HttpResponse<String> response, String... pointers) {
    assertThat(assertStatus(response, 400).path("errors").values())
        .as(response.body())
        .map(error -> error.path("pointer").asString())
        .containsExactlyInAnyOrder(pointers);
  }

  private static void assertCode(HttpResponse<String> response, int status, String code) {
    assertThat(assertStatus(response, status).path("code").asString()).isEqualTo(code);
  }

  @Test
  void sessionHasTheFieldsOfItsAgentUnlessTheRequestOverridesThem() {
    var agent = create(REVIEWER.formatted("fields"));
    var session = assertStatus(open(agent, ""), 201);
    assertThat(session.at("/agent/id")).isEqualTo(agent.path("id"));
    assertThat(agentOf(session)).isEqualTo("fields 1");
    assertThat(session.at("/options/model").asString()).isEqualTo("claude-a");
    assertThat(session.at("/agent_config/effort").asString()).isEqualTo("low");
    var own =
        ", \"metadata\": {\"tone\": \"kind\"}, \"budget_usd\": \"1\","
            + " \"options\": {\"max_turns\": 2, \"output_schema\": {\"type\": \"object\"}}";
    var overridden = assertStatus(open(agent, own), 201);
    assertThat(overridden.path("metadata").toString())
        .isEqualTo("{\"kind\":\"review\",\"tone\":\"kind\"}");
    assertThat(overridden.at("/budget/limit_usd").asString()).startsWith("1");
    assertThat(overridden.at("/options/max_turns").asInt()).isEqualTo(2);
    assertThat(overridden.at("/options/output_schema/type").asString()).isEqualTo("object");
    assertThat(overridden.at("/options/permission_mode").asString()).isEqualTo("plan");
    var list = assertStatus(server.get(SESSIONS + "?agent_id=" + agent.path("id").asString()), 200);
    assertThat(list.path("items").values()).hasSize(2);
  }

  @Test
  void repeatedWritableFolderIsRefused() {
    var body = "{\"name\": \"twice\", \"writable_folders\": [\"plan\", \"notes\", \"plan\"]}";
    assertInvalid(server.post(AGENTS, body), "/writable_folders/2");
  }

  @Test
  void queryOpensASessionWithItsAgentAndItsOwnFlatOptions() {
    var agent = create(REVIEWER.formatted("query"));
    var answered =
        server.post(
            "/api/v1/query/single",
            "{\"prompt\": \"hello\", \"max_turns\": 3, \"model\": \"claude-b\", \"agent_id\": "
                + agent.path("id")
                + "}");
    var id = assertStatus(answered, 200).path("session_id").asString();
    var session = assertStatus(server.get(SESSIONS + "/" + id), 200);
    assertThat(agentOf(session)).isEqualTo("query 1");
    assertThat(session.at("/options/max_turns").asInt()).isEqualTo(3);
    assertThat(session.at("/options/model").asString()).isEqualTo("claude-b");
    assertThat(session.at("/options/allowed_tools/0").asString()).isEqualTo("Read");
    var clone = SESSIONS + "/" + id + "/clone";
    var cloned =
        await()
            .atMost(TIMEOUT)
            .until(() -> server.post(clone, "{}"), response -> response.statusCode() == 201);
    assertThat(agentOf(ApiTestServer.json(cloned))).isEqualTo("query 1");
    assertInvalid(
        server.post(
            "/api/v1/query/single",
            "{\"prompt\": \"hello\", \"session_id\": \"" + id + "\", \"agent_version\": 1}"),
        "/agent_version");
  }

  @Test
  void templateNamesAnAgentAndTheRequestAnotherOne() {
    var first = create(REVIEWER.formatted("first"));
    var second = create("{\"name\": \"second\", \"session\": {\"budget_usd\": \"9\"}}");
    var template =
        assertStatus(
            server.post(
                "/api/v1/templates",
                "{\"name\": \"with agent\", \"session\": {\"agent_version\": 1, \"agent_id\": "
                    + first.path("id")
                    + ", \"options\": {\"max_turns\": 4}}}"),
            201);
    assertStatus(change(second, "\"1\"", "{\"name\": \"second\"}"), 200);
    var byTemplate = "{\"template_id\": " + template.path("id");
    var session = assertStatus(server.post(SESSIONS, byTemplate + "}"), 201);
    assertThat(agentOf(session)).isEqualTo("first 1");
    assertThat(session.at("/options/max_turns").asInt()).isEqualTo(4);
    assertThat(session.at("/options/model").asString()).isEqualTo("claude-a");
    var other = server.post(SESSIONS, byTemplate + ", \"agent_id\": " + second.path("id") + "}");
    assertThat(agentOf(assertStatus(other, 201))).isEqualTo("second 2");
  }

  @Test
  void versionsAreKeptComparedAndPinned() {
    var agent = create(REVIEWER.formatted("old name"));
    var path = AGENTS + "/" + agent.path("id").asString();
    var changed =
        "{\"name\": \"new name\", \"sharing\": \"tenant\", \"description\": \"Reviews files\","
            + " \"session\": {\"options\": {\"max_turns\": 8}}}";
    assertThat(assertStatus(change(agent, "\"1\"", changed), 200).path("version").asInt())
        .isEqualTo(2);
    assertThat(change(agent, "\"1\"", changed).statusCode()).isEqualTo(412);
    assertThat(agentOf(assertStatus(open(agent, ""), 201))).isEqualTo("new name 2");
    var pinned = assertStatus(open(agent, ", \"agent_version\": 1"), 201);
    assertThat(agentOf(pinned)).isEqualTo("old name 1");
    assertThat(pinned.at("/options/max_turns").asInt()).isEqualTo(7);

    var diff = assertStatus(server.get(path + "/versions/2/diff"), 200);
    assertThat(diff.path("changes").values())
        .map(change -> change.path("pointer").asString())
        .containsExactlyInAnyOrder(
            "/sharing",
            "/name",
            "/session/options/max_turns",
            "/session/options/model",
            "/session/options/effort",
            "/session/options/system_prompt",
            "/session/options/allowed_tools",
            "/session/options/permission_mode",
            "/session/metadata",
            "/session/budget_usd",
            "/instructions");
    assertThat(diff.path("changes").values())
        .anyMatch(
            change ->
                change.path("pointer").asString().endsWith("/max_turns")
                    && change.path("old_value").asInt() == 7
                    && change.path("new_value").asInt() == 8);
    assertThat(
            assertStatus(server.get(path + "/versions/1/diff?against=1"), 200)
                .path("changes")
                .values())
        .isEmpty();
    assertThat(assertStatus(server.get(path + "/versions/1"), 200).path("instructions").asString())
        .isEqualTo("Be brief.");
    assertCode(server.get(path + "/versions/3"), 404, "agent_version_not_found");
    assertCode(open(agent, ", \"agent_version\": 3"), 404, "agent_version_not_found");
    assertInvalid(open(agent, ", \"agent_version\": 0"), "/agent_version");
  }

  private static byte[] export(JsonNode agent) throws IOException, InterruptedException {
    return download(AGENTS + "/" + agent.path("id").asString() + "/export");
  }

  private static byte[] download(String path) throws IOException, InterruptedException {
    var request = server.request(path).GET();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofByteArray()).body();
    }
  }

  private static HttpResponse<String> importFolder(byte[] archive) {
    return server.send(
        server
            .request(AGENTS + "/import")
            .header("Content-Type", "application/zip")
            .POST(BodyPublishers.ofByteArray(archive)));
  }

  @Test
  void exportedFolderIsImportedAsTheNextVersionIfItDiffers() throws Exception {
    var agent = create(REVIEWER.formatted("exported"));
    var archive = export(agent);
    assertThat(assertStatus(importFolder(archive), 200).path("version").asInt()).isEqualTo(1);
    var changed = assertStatus(importFolder(withFile(archive, "CLAUDE.md", "Be long.")), 200);
    assertThat(changed.path("id")).isEqualTo(agent.path("id"));
    assertThat(changed.path("version").asInt()).isEqualTo(2);
    assertThat(changed.path("instructions").asString()).isEqualTo("Be long.");
    assertThat(changed.path("session")).isEqualTo(agent.path("session"));
    assertInvalid(
        importFolder(withFile(archive, ".claude/commands/a.md", "text")),
        "/.claude~1commands~1a.md");
    assertInvalid(importFolder(withFile(archive, "../outside", "text")), "");
    assertThat(assertStatus(server.post(AGENTS + "/import", "{}"), 415).path("detail").asString())
        .isEqualTo("The body must be application/zip.");
    assertInvalid(
        importFolder(
            withFile(
                archive, ".claude/settings.json", "{\"permissions\": {\"allow\": [\"bash\"]}}")),
        "/session/options/allowed_tools/0");
  }

  /** Returns the archive with one more file, or another one of that name. */
  private static byte[] withFile(byte[] archive, String name, String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var in = new ZipInputStream(new ByteArrayInputStream(archive));
        var out = new ZipOutputStream(bytes)) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().equals(name)) continue;
        out.putNextEntry(new ZipEntry(entry.getName()));
        in.transferTo(out);
      }
      out.putNextEntry(new ZipEntry(name));
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(String name, String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry(name));
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static HttpResponse<String> putSkill(JsonNode agent, String name, byte[] archive) {
    return server.send(
        server
            .request(AGENTS + "/" + agent.path("id").asString() + "/skills/" + name)
            .header("Content-Type", "application/zip")
            .header("If-Match", "\"" + agent.path("version").asLong() + "\"")
            .PUT(BodyPublishers.ofByteArray(archive)));
  }

  @Test
  void skillIsAVersionOfItsAgentAndUsedByItsRuns() throws Exception {
    var agent = create("{\"name\": \"skilled\"}");
    var path = AGENTS + "/" + agent.path("id").asString();
    var text = "---\nname: %s\ndescription: Greets people\n---\n```rehearsal\n- say: %s\n```\n";
    var greet = zip("SKILL.md", text.formatted("greet", "bonjour"));
    var added = assertStatus(putSkill(agent, "greet", greet), 200);
    assertThat(added.path("version").asInt()).isEqualTo(2);
    assertThat(added.at("/skills/0/description").asString()).isEqualTo("Greets people");
    assertThat(added.at("/skills/0/files").toString()).isEqualTo("[\"SKILL.md\"]");
    assertThat(assertStatus(putSkill(added, "greet", greet), 200)).isEqualTo(added);
    assertCode(putSkill(agent, "greet", greet), 412, "version_conflict");
    assertInvalid(
        putSkill(added, "greet", zip("SKILL.md", text.formatted("other", ""))), "/SKILL.md");
    var reserved = zip("verify/SKILL.md", text.formatted("verify", ""));
    assertInvalid(putSkill(added, "verify", reserved), "/verify~1");
    assertThat(putSkill(added, "greet", new byte[0]).body()).contains("send a zip archive");

    // The skill's text follows the call as a prompt.
    var steps = "```rehearsal\n- calls:\n    - {tool: Skill, input: {skill: greet}}\n```";
    var body = JsonMapper.shared().createObjectNode();
    body.put("prompt", steps).set("agent_id", agent.path("id"));
    var run = assertStatus(server.post("/api/v1/query/single", body.toString()), 200);
    assertThat(run.path("result").asString()).isEqualTo("bonjour");
    assertThat(run.at("/agent/version").asInt()).isEqualTo(2);
    assertThat(run.at("/agent/name").asString()).isEqualTo("skilled");
    assertThat(commands(run)).isNotEmpty().allMatch(CliCommands::isReserved);

    var changed = zip("greet/SKILL.md", text.formatted("greet", "salut"));
    assertThat(assertStatus(putSkill(added, "greet", changed), 200).path("version").asInt())
        .isEqualTo(3);
    var diff = assertStatus(server.get(path + "/versions/3/diff"), 200);
    assertThat(diff.path("changes").values())
        .map(change -> change.path("pointer").asString())
        .containsExactly("/skills/greet");
    var kept = assertStatus(change(agent, "\"3\"", "{\"name\": \"skilled\"}"), 200);
    assertThat(kept.path("skills")).hasSize(1);

    var archive = export(agent);
    assertThat(assertStatus(importFolder(archive), 200)).isEqualTo(kept);
    var file = ".claude/skills/leave/SKILL.md";
    var second = withFile(archive, file, text.formatted("leave", "adieu"));
    var imported = assertStatus(importFolder(second), 200);
    assertThat(imported.path("skills").values())
        .map(skill -> skill.path("name").asString())
        .containsExactly("greet", "leave");
    assertThat(imported.at("/skills/0")).isEqualTo(kept.at("/skills/0"));
    assertThat(assertStatus(putSkill(imported, "greet", download(path + "/skills/greet")), 200))
        .isEqualTo(imported);
    assertCode(server.get(path + "/skills/other"), 404, "agent_skill_not_found");
    var remove = server.request(path + "/skills/leave").DELETE();
    assertThat(server.send(remove).statusCode()).isEqualTo(204);
    assertCode(server.send(remove), 404, "agent_skill_not_found");
    assertThat(assertStatus(server.get(path), 200).path("skills")).isEqualTo(kept.path("skills"));
  }

  /** Returns the commands that the CLI listed at the start of the run, except the own skill. */
  private static List<String> commands(JsonNode run) {
    var events =
        "/api/v1/sessions/"
            + run.path("session_id").asString()
            + "/events?format=json&after=0&limit=50";
    return ApiTestServer.json(server.get(events))
        .path("items")
        .valueStream()
        .filter(item -> item.path("type").asString().equals("init"))
        .flatMap(item -> item.path("commands").valueStream())
        .map(JsonNode::asString)
        .filter(name -> !name.equals("greet"))
        .toList();
  }

  /** The skill is stored before the command that is refused. */
  @Test
  void skillsOfARefusedAgentAreDeleted() throws Exception {
    var agent = create("{\"name\": \"with a large skill\"}");
    var text = "---\nname: large\ndescription: Large\n---\n";
    var noise = new StringBuilder();
    new Random(1).ints(800_000, ' ', '~').forEach(noise::appendCodePoint);
    var large = withFile(export(agent), ".claude/skills/large/SKILL.md", text);
    large = withFile(large, ".claude/skills/large/noise.txt", noise.toString());
    var content = server.bean(NodeHome.class).root().resolve("content");
    long before = largeFiles(content);
    var refused =
        withFile(large, ".claude/settings.json", "{\"permissions\": {\"allow\": [\"bash\"]}}");
    assertInvalid(importFolder(refused), "/session/options/allowed_tools/0");
    assertThat(largeFiles(content)).isEqualTo(before);
    assertStatus(importFolder(large), 200);
    assertThat(largeFiles(content)).isEqualTo(before + 1);
  }

  private static long largeFiles(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toFile().length() > 1 << 19).count();
    }
  }

  @Test
  void filesOfASkillAreReadAndExecutedButNothingElseOfTheConfiguration() throws Exception {
    var agent = create("{\"name\": \"with a script\"}");
    var skills = "/home/agent/.claude/skills/";
    var text =
        """
        ---
        name: checklist
        description: Checks
        ---
        ```rehearsal
        - calls:
            - {tool: Read, input: {file_path: "%1$schecklist/references/x.md"}}
            - {tool: Grep, input: {pattern: milk, path: "%1$schecklist"}}
            - tool: Bash
              input:
                description: Use the skill
                command: >-
                  %1$schecklist/scripts/x.sh && cat %1$schecklist/references/x.md;
                  echo x > %1$schecklist/references/x.md; ls -A ~/.claude
        - calls:
            - {tool: Write, input: {file_path: "%1$schecklist/new.md", content: new}}
            - {tool: Read, input: {file_path: "%1$s../settings.json"}}
            - {tool: Glob, input: {pattern: "*", path: "%1$s.."}}
        - say: done
        ```
        """
            .formatted(skills);
    var archive = withFile(zip("SKILL.md", text), "references/x.md", "Buy milk.\n");
    archive = withFile(archive, "scripts/x.sh", "#!/bin/sh\necho executed in $PWD\n");
    assertStatus(putSkill(agent, "checklist", archive), 200);

    var steps = "```rehearsal\n- calls:\n    - {tool: Skill, input: {skill: checklist}}\n```";
    var body = JsonMapper.shared().createObjectNode();
    body.put("prompt", steps).set("agent_id", agent.path("id"));
    var run = assertStatus(server.post("/api/v1/query/single", body.toString()), 200);
    assertThat(run.path("result").asString()).isEqualTo("done");
    var calls = "/api/v1/sessions/" + run.path("session_id").asString() + "/tool-calls?limit=20";
    var outputs =
        assertStatus(server.get(calls), 200)
            .path("items")
            .valueStream()
            .collect(
                Collectors.groupingBy(
                    call -> call.path("name").asString(),
                    Collectors.mapping(
                        call -> call.path("output").asString(), Collectors.joining("\n"))));
    assertThat(outputs.get("Read")).contains("Buy milk.", "denied");
    assertThat(outputs.get("Grep")).contains("references/x.md");
    assertThat(outputs.get("Bash"))
        .contains("executed in /workspace", "Buy milk.", "Read-only file system")
        .endsWith("\nskills");
    assertThat(outputs.get("Write")).contains("denied");
    assertThat(outputs.get("Glob")).contains("denied");
  }

  @Test
  void archivedAgentFreesItsNameAndOpensNoSession() {
    var agent = create("{\"name\": \"short lived\"}");
    var path = AGENTS + "/" + agent.path("id").asString();
    assertCode(server.post(AGENTS, "{\"name\": \"short lived\"}"), 409, "agent_name_taken");
    var found = assertStatus(server.get(AGENTS + "?name=short%20lived"), 200);
    assertThat(found.at("/items/0/id")).isEqualTo(agent.path("id"));
    assertThat(server.send(server.request(path).DELETE()).statusCode()).isEqualTo(204);
    assertCode(open(agent, ""), 409, "agent_archived");
    assertCode(open(agent, ", \"agent_version\": 1"), 409, "agent_archived");
    var restore = path + "/restore";
    var restored = server.post(restore, "");
    assertThat(assertStatus(restored, 200).path("archived_at").isNull()).isTrue();
    assertThat(restored.headers().firstValue("ETag")).contains("\"1\"");
    assertStatus(server.post(restore, ""), 200);
    assertThat(agentOf(assertStatus(open(agent, ", \"agent_version\": 1"), 201)))
        .isEqualTo("short lived 1");
    assertThat(server.send(server.request(path).DELETE()).statusCode()).isEqualTo(204);
    assertThat(create("{\"name\": \"short lived\"}").path("id")).isNotEqualTo(agent.path("id"));
    assertCode(server.post(restore, ""), 409, "agent_name_taken");
    assertCode(server.post(SESSIONS, "{\"agent_id\": \"agt_zzzzzzzzzz\"}"), 404, "agent_not_found");
    assertInvalid(server.post(SESSIONS, "{\"agent_version\": 1}"), "/agent_version");
  }

  @Test
  void namesThatLookTheSameAreTheSame() {
    var agent = create("{\"name\": \"caf\u00e9 \"}");
    assertThat(agent.path("name").asString()).isEqualTo("caf\u00e9");
    for (var name : List.of("caf\u00e9", " caf\u00e9", "cafe\u0301"))
      assertCode(server.post(AGENTS, "{\"name\": \"" + name + "\"}"), 409, "agent_name_taken");
    var found = assertStatus(server.get(AGENTS + "?name=cafe%CC%81%20"), 200);
    assertThat(found.at("/items/0/id")).isEqualTo(agent.path("id"));
    assertInvalid(server.post(AGENTS, "{\"name\": \"  \"}"), "/name");
  }

  @Test
  void concurrentRequestsWithOneNameCreateOneObject() {
    assertCreatedOnce(AGENTS, "{\"name\": \"contested\"}");
    assertCreatedOnce("/api/v1/tool-groups", "{\"name\": \"contested\", \"tools\": [\"Bash\"]}");
  }

  private static void assertCreatedOnce(String path, String body) {
    var requests =
        Stream.generate(
                () -> CompletableFuture.supplyAsync(() -> server.post(path, body).statusCode()))
            .limit(4)
            .toList();
    assertThat(requests.stream().map(CompletableFuture::join))
        .containsExactlyInAnyOrder(201, 409, 409, 409);
  }

  @Test
  void rejectsAnUnusableAgentAtCreation() {
    assertInvalid(
        server.post(
            AGENTS,
            "{\"name\": \"x\", \"session\": {\"title\": \"t\", \"hooks\": [],"
                + " \"agent_id\": \"agt_zzzzzzzzzz\", \"options\": {\"max_turns\": 0}}}"),
        "/session/title",
        "/session/hooks",
        "/session/agent_id",
        "/session/options/max_turns");
    assertInvalid(
        server.post(
            AGENTS,
            "{\"name\": \"x\", \"session\": {\"options\": {\"mcp_servers\":"
                + " {\"shop\": {\"type\": \"http\", \"url\": \"https://shop.example/mcp\"}}}}}"),
        "/session/options/mcp_servers");
    assertInvalid(
        server.post(
            AGENTS,
            "{\"name\": \"x\", \"session\": {\"options\":"
                + " {\"additional_directories\": [\"libs\", \"/etc\"]}}}"),
        "/session/options/additional_directories/1");
    assertInvalid(
        server.post(
            AGENTS,
            "{\"name\": \"x\", \"session\": {\"options\": {\"allowed_tools\": [\"bash\"]}}}"),
        "/session/options/allowed_tools/0");
  }

  @Test
  void nameThatNoAgentCanHaveIsRefusedAsAFilter() {
    for (var name : List.of("%20", "a".repeat(256)))
      assertThat(
              assertStatus(server.get(AGENTS + "?name=" + name), 400)
                  .at("/errors/0/parameter")
                  .asString())
          .isEqualTo("name");
  }

  @Test
  void policyAndTokenBelongToAnAgentOfTheTenant() {
    var agent = create("{\"name\": \"policed\"}").path("id");
    var scope = "\"scope\": {\"type\": \"agent\", \"agent_id\": " + agent + "}";
    assertStatus(
        server.post("/api/v1/policies", "{\"name\": \"a\", \"rules\": [], " + scope + "}"), 201);
    assertCode(
        server.post(
            "/api/v1/policies",
            "{\"name\": \"a\", \"rules\": [], "
                + scope.replace(agent.asString(), "agt_zzzzzzzzzz")
                + "}"),
        404,
        "agent_not_found");
  }
}
