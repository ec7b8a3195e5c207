package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The agents of the repository, as each tenant has them, used with real tools. */
class ShippedAgentsIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final Map<String, ?> PERMISSIVE =
      Map.of("tools", List.of("Bash", "Write"), "allowed_tools", List.of("@default"));
  private static final Map<String, ?> WORKSPACE =
      Map.of("type", "copy", "path", ApiTestServer.root().resolve("examples/hello").toString());

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static JsonNode find(String name) {
    return assertStatus(server.get("/api/v1/agents?name=" + name), 200).at("/items/0");
  }

  private static byte[] zip(Path folder) throws IOException {
    var archive = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(archive);
        var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) add(zip, folder, file);
    }
    return archive.toByteArray();
  }

  private static void add(ZipOutputStream zip, Path folder, Path file) throws IOException {
    zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
    Files.copy(file, zip);
  }

  /** Plays the steps in a new session of the agent, and returns the result. */
  private static JsonNode play(String agent, String steps) {
    return play(agent, steps, Map.of());
  }

  private static JsonNode play(String agent, String steps, Map<String, ?> fields) {
    var body = new TreeMap<String, Object>(fields);
    body.put("agent_id", agent);
    body.put("prompt", "```rehearsal\n" + steps + "```\n");
    return assertStatus(
        server.post("/api/v1/query/single", JsonMapper.shared().writeValueAsString(body)), 200);
  }

  private static HttpResponse<String> file(JsonNode run, String name) {
    var session = "/api/v1/sessions/" + run.path("session_id").asString();
    return server.get(session + "/files/content?path=" + name);
  }

  /** An import of the same definition creates no version, so the installed one is the folder's. */
  @Test
  void eachFolderIsInstalled() throws IOException {
    try (var folders = Files.list(ApiTestServer.root().resolve("agents"))) {
      for (var folder : folders.toList()) {
        var installed = find(String.valueOf(folder.getFileName()));
        var imported =
            server.send(
                server
                    .request("/api/v1/agents/import")
                    .header("Content-Type", "application/zip")
                    .POST(BodyPublishers.ofByteArray(zip(folder))));
        assertThat(assertStatus(imported, 200)).as(folder.toString()).isEqualTo(installed);
        assertThat(installed.path("sharing").asString()).isEqualTo("tenant");
      }
    }
  }

  @Test
  void planningWritesItsPlanAndNothingElse() {
    var run =
        play(
            find("planning").path("id").asString(),
            """
            - calls:
                - {tool: Write, input: {file_path: "{{cwd}}/plan/PLAN.md", content: "1. Begin."}}
            - calls:
                - {tool: Write, input: {file_path: "{{cwd}}/README.md", content: "changed"}}
            - say: "{{last | cut 200}}"
            """);
    assertThat(run.path("result").asString()).contains("the agent may write to plan only");
    assertThat(file(run, "plan/PLAN.md").body()).isEqualTo("1. Begin.");
    assertThat(file(run, "README.md").statusCode()).isEqualTo(404);
  }

  /** The limit is that of the sandbox, so it holds for tools that the agent does not have. */
  @Test
  void requestThatOverridesTheToolsOfPlanningCannotWriteElsewhere() {
    var run =
        play(
            find("planning").path("id").asString(),
            """
            - calls:
                - tool: Bash
                  input:
                    description: Write
                    command: |
                      echo a > plan/a.txt; ln -s ../README.md plan/link; echo b > plan/link
                      echo b > README.md; rm README.md; ln README.md plan/hard; mkdir other
                      mv plan plan2; rm -rf plan/a.txt plan; umount plan; mount --bind plan .
            - calls:
                - {tool: Write, input: {file_path: "{{cwd}}/README.md", content: "b"}}
            - calls:
                - {tool: Write, input: {file_path: "{{cwd}}/plan/PLAN.md", content: "1."}}
            - say: "{{tool Bash | cut 2000}}"
            """,
            Map.of("options", PERMISSIVE, "workspace", WORKSPACE));
    assertThat(run.path("result").asString())
        .contains(
            "plan/link: Read-only file system",
            ": README.md: Read-only file system",
            "cannot create directory",
            "cannot move 'plan' to 'plan2': Read-only file system");
    var changes =
        assertStatus(
            server.get(
                "/api/v1/sessions/%s/runs/%s/changes"
                    .formatted(run.path("session_id").asString(), run.path("id").asString())),
            200);
    assertThat(changes.at("/files").valueStream().map(file -> file.path("path").asString()))
        .containsExactly("plan/PLAN.md");
  }

  @Test
  void executorCommitsOnABranch() {
    var run =
        play(
            find("executor").path("id").asString(),
            """
            - calls:
                - tool: Bash
                  input:
                    description: Commit
                    command: >-
                      git init -q . && git switch -q -c work && echo a > a.txt && git add a.txt &&
                      git -c user.name=executor -c user.email=executor@localhost commit -q -m a &&
                      git log --format=%s work
            - calls:
                - {tool: Bash, input: {command: git push origin work, description: Push}}
            - say: "{{tool Bash | cut 200}}"
            """);
    assertThat(run.path("result").asString()).isEqualTo("disallowed by Bash(git push:*)");
    assertThat(file(run, ".git/HEAD").body().strip()).isEqualTo("ref: refs/heads/work");
    assertThat(file(run, ".git/refs/heads/work").statusCode()).isEqualTo(200);
  }
}
