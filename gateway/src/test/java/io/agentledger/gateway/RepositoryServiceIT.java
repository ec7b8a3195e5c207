package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.files.NodeWorkspaces;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Workspaces from repositories: git's own server, the whole service, results checked with git. */
class RepositoryServiceIT {
  private static Path home;
  private static Path work;
  private static GitHttpServer git;
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path temporary) throws IOException {
    home = Files.createDirectory(temporary.resolve("home"));
    work = Files.createDirectory(temporary.resolve("work"));
    var served = Files.createDirectory(temporary.resolve("served"));
    committed();
    GitHttpServer.runGit(temporary, "git", "clone", "-q", "--bare", "work", "served/repo.git");
    GitHttpServer.runGit(served.resolve("repo.git"), "git", "config", "http.uploadpack", "true");
    GitHttpServer.runGit(
        served.resolve("repo.git"), "git", "config", "uploadpack.allowAnySHA1InWant", "true");
    git = new GitHttpServer(served);
    server =
        ApiTestServer.openService(
            home,
            "--agentledger.outbound.ports=" + git.port(),
            "--agentledger.outbound.allowed-networks=127.0.0.1/32",
            "--agentledger.git.allow-http=true",
            "--agentledger.git.timeout=10s");
  }

  private static void committed() throws IOException {
    GitHttpServer.runGit(work, "git", "init", "-q", "-b", "trunk");
    Files.writeString(work.resolve("read.me"), "first\n");
    commit("one");
    GitHttpServer.runGit(work, "git", "tag", "-a", "v1", "-m", "the first");
    Files.createDirectories(work.resolve("bin"));
    Files.writeString(work.resolve("bin/run"), "#!/bin/sh\necho it runs\n");
    Files.setPosixFilePermissions(
        work.resolve("bin/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(work.resolve("link"), Path.of("bin/run"));
    Files.createSymbolicLink(work.resolve("out"), Path.of("/etc/hostname"));
    Files.writeString(work.resolve(".gitattributes"), "*.txt text eol=crlf filter=evil\n");
    Files.writeString(work.resolve("words.txt"), "a line\n");
    commit("two");
    GitHttpServer.runGit(work, "git", "branch", "feature/x");
    Files.writeString(work.resolve("read.me"), "third\n");
    commit("three");
  }

  private static void commit(String message) throws IOException {
    GitHttpServer.runGit(work, "git", "add", "-A");
    GitHttpServer.runGit(work, "git", "commit", "-q", "-m", message);
  }

  @AfterAll
  static void close() {
    server.close();
    git.close();
  }

  private static HttpResponse<String> openSession(String workspace) {
    return server.post("/api/v1/sessions", "{\"workspace\": " + workspace + "}");
  }

  private static String openRequest(String url, String more) {
    return "{\"type\": \"git\", \"url\": \"" + url + "\"" + more + "}";
  }

  private static JsonNode assertOk(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return ApiTestServer.json(response);
  }

  private static void isRefused(HttpResponse<String> response, String rule) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(response).path("code").asString()).isEqualTo("workspace_" + rule);
  }

  private static Path workspace(JsonNode session) throws IOException {
    var id = new SessionId(session.path("id").asString());
    return server.bean(NodeWorkspaces.class).listAll().get(id);
  }

  private static String git(Path workspace, String... arguments) throws IOException {
    var command = new String[arguments.length + 3];
    command[0] = "git";
    command[1] = "-c";
    command[2] = "safe.directory=*";
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return GitHttpServer.runGit(workspace, command);
  }

  @Test
  void headIsCheckedOutWithoutExecutingRepositoryCode() throws IOException {
    var session = assertOk(openSession(openRequest(git.url("/open/repo.git"), "")));
    var files = workspace(session);
    assertThat(session.at("/workspace/type").asString()).isEqualTo("git");
    assertThat(session.at("/workspace/commit").asString())
        .isEqualTo(git(work, "rev-parse", "trunk"));
    assertThat(git(files, "status", "--porcelain")).as("unchanged").isEmpty();
    assertThat(git(files, "branch", "--show-current")).isEqualTo("trunk");
    assertThat(git(files, "log", "--oneline").lines()).as("depth 1").hasSize(1);
    assertThat(git(files, "fsck", "--strict")).doesNotContain("error");
    assertThat(files.resolve("read.me")).hasContent("third");
    assertThat(Files.readString(files.resolve("words.txt")))
        .as("no line endings made")
        .isEqualTo("a line\n");
    assertThat(Files.isExecutable(files.resolve("bin/run"))).isTrue();
    assertThat(Files.readSymbolicLink(files.resolve("link"))).isEqualTo(Path.of("bin/run"));
    assertThat(files.resolve(".git/hooks"))
        .satisfiesAnyOf(
            hooks -> assertThat(hooks).doesNotExist(),
            hooks -> assertThat(hooks).isEmptyDirectory());
    var read =
        server.get("/api/v1/sessions/" + session.path("id").asString() + "/files/content?path=out");
    assertThat(read.statusCode()).as("a link of a repository leads nowhere").isEqualTo(422);
  }

  @Test
  void branchesTagsAndCommitsAreCheckedOut() throws IOException {
    var branch =
        assertOk(openSession(openRequest(git.url("/open/repo.git"), ", \"ref\": \"feature/x\"")));
    assertThat(git(workspace(branch), "branch", "--show-current")).isEqualTo("feature/x");
    assertThat(workspace(branch).resolve("read.me")).hasContent("first");
    var tag = assertOk(openSession(openRequest(git.url("/open/repo.git"), ", \"ref\": \"v1\"")));
    assertThat(tag.at("/workspace/commit").asString())
        .isEqualTo(git(work, "rev-parse", "v1^{commit}"));
    assertThat(workspace(tag).resolve("bin")).doesNotExist();
    var id = git(work, "rev-parse", "trunk~1");
    var commit =
        assertOk(openSession(openRequest(git.url("/open/repo.git"), ", \"ref\": \"" + id + "\"")));
    assertThat(git(workspace(commit), "rev-parse", "HEAD")).isEqualTo(id);
    assertThat(git(workspace(commit), "status", "--porcelain")).isEmpty();
    var deep = assertOk(openSession(openRequest(git.url("/open/repo.git"), ", \"depth\": 2")));
    assertThat(git(workspace(deep), "log", "--oneline").lines()).hasSize(2);
    isRefused(
        openSession(openRequest(git.url("/open/repo.git"), ", \"ref\": \"nothing\"")), "git_ref");
    isRefused(openSession(openRequest(git.url("/open/none.git"), "")), "git_not_found");
  }

  private static String secret(String value) {
    var vault =
        assertOk(server.post("/api/v1/vaults", "{\"name\": \"of git\"}")).path("id").asString();
    var put =
        server
            .request("/api/v1/vaults/" + vault + "/secrets/git")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(value));
    assertThat(server.send(put).statusCode()).isBetween(200, 204);
    return ", \"credential\": {\"vault_id\": \"" + vault + "\", \"name\": \"git\"}";
  }

  private static String basic(String url, String password) {
    return "{\"type\": \"basic\", \"url\": \"%s\", \"username\": \"%s\", \"password\": \"%s\"}"
        .formatted(url, GitHttpServer.USER, password);
  }

  @Test
  void credentialOpensAPrivateRepositoryAndIsStoredNowhere() throws IOException {
    var url = git.url("/private/repo.git");
    isRefused(openSession(openRequest(url, "")), "git_refused");
    isRefused(openSession(openRequest(url, secret(basic(git.url("/"), "wrong")))), "git_refused");
    isRefused(
        openSession(openRequest(url, secret(basic("http://127.0.0.1:1/", GitHttpServer.PASSWORD)))),
        "git_credential");
    var session =
        assertOk(
            openSession(openRequest(url, secret(basic(git.url("/"), GitHttpServer.PASSWORD)))));
    assertThat(workspace(session).resolve("read.me")).hasContent("third");
    assertThat(git(workspace(session), "config", "remote.origin.url")).isEqualTo(url);
    try (var all = Files.walk(workspace(session))) {
      for (var file : all.filter(Files::isRegularFile).toList())
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain(GitHttpServer.PASSWORD)
            .doesNotContain(GitHttpServer.USER);
    }
    var none = ", \"credential\": {\"vault_id\": \"vlt_zzzzzzzzzz\", \"name\": \"git\"}";
    isRefused(openSession(openRequest(url, none)), "git_credential");
  }

  @Test
  void repositoryCannotRedirectTheServiceElsewhere() {
    isRefused(
        openSession(openRequest("http://127.0.0.2:" + git.port() + "/open/repo.git", "")),
        "git_url");
    isRefused(openSession(openRequest("https://169.254.169.254/latest", "")), "git_url");
    isRefused(openSession(openRequest("https://somebody:pw@example.com/x.git", "")), "git_url");
    isRefused(openSession(openRequest(git.url("/elsewhere/repo.git"), "")), "git_unreachable");
  }

  @Test
  void unresponsiveServerTimesOut() {
    isRefused(openSession(openRequest(git.url("/slow/repo.git"), "")), "git_time");
  }

  @ParameterizedTest
  @ValueSource(strings = {".git", ".GIT", "..", "../../outside"})
  void rejectsARepositoryThatWritesOutside(String name) throws IOException {
    var evil =
        Files.createTempDirectory(home.getParent().resolve("served"), "evil").toAbsolutePath();
    GitHttpServer.runGit(evil, "git", "init", "-q", "--bare", "-b", "trunk");
    GitHttpServer.runGit(evil, "git", "config", "core.protectNTFS", "false");
    Files.writeString(evil.resolve("blob"), "pwned\n");
    var blob = GitHttpServer.runGit(evil, "git", "hash-object", "-w", "blob");
    // Without git's own programs, which refuse to write such a tree.
    var tree = new java.io.ByteArrayOutputStream();
    tree.writeBytes(("100644 " + name + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    tree.writeBytes(java.util.HexFormat.of().parseHex(blob));
    Files.write(evil.resolve("tree"), tree.toByteArray());
    var root =
        GitHttpServer.runGit(evil, "git", "hash-object", "-w", "-t", "tree", "--literally", "tree");
    var commit = GitHttpServer.runGit(evil, "git", "commit-tree", root, "-m", "evil");
    GitHttpServer.runGit(evil, "git", "update-ref", "refs/heads/trunk", commit);
    var response = openSession(openRequest(git.url("/open/" + evil.getFileName()), ""));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
  }

  /** Ten directories in each of ten: a few hundred bytes that would result in ten million files. */
  @Test
  void unboundedTreeIsStopped() throws IOException {
    var bomb = Files.createTempDirectory(home.getParent().resolve("served"), "bomb");
    GitHttpServer.runGit(bomb, "git", "init", "-q", "--bare", "-b", "trunk");
    Files.writeString(bomb.resolve("blob"), "x");
    var last = "100644 blob " + GitHttpServer.runGit(bomb, "git", "hash-object", "-w", "blob");
    var tree = "";
    for (int level = 0; level < 7; level++) {
      var lines = new StringBuilder();
      for (int i = 0; i < 10; i++) lines.append(last).append("\tf").append(i).append('\n');
      Files.writeString(bomb.resolve("lines"), lines);
      tree = GitHttpServer.runGit(bomb, "sh", "-c", "git mktree < lines");
      last = "040000 tree " + tree;
    }
    var commit = GitHttpServer.runGit(bomb, "git", "commit-tree", tree, "-m", "bomb");
    GitHttpServer.runGit(bomb, "git", "update-ref", "refs/heads/trunk", commit);
    var requested =
        "{\"workspace\": " + openRequest(git.url("/open/" + bomb.getFileName()), "") + "}";
    var request =
        server.requestAs(server.key(), "/api/v1/sessions"); // Created files are removed, too.
    var response =
        server.send(
            request
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(requested)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(response).path("code").asString())
        .isIn("workspace_git_time", "workspace_too_large");
  }

  @Test
  void rejectsInvalidRequestsByField() {
    for (var wrong :
        new String[] {
          "{\"type\": \"git\"}",
          "{\"type\": \"git\", \"url\": \"ftp://example.com/x\"}",
          "{\"type\": \"empty\", \"url\": \"https://example.com/x\"}"
        }) {
      var response = openSession(wrong);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
      assertThat(ApiTestServer.json(response).at("/errors/0/pointer").asString())
          .isEqualTo("/workspace/url");
    }
    var depth = openSession(openRequest("https://example.com/x", ", \"depth\": 0"));
    assertThat(ApiTestServer.json(depth).at("/errors/0/pointer").asString())
        .isEqualTo("/workspace/depth");
  }
}
