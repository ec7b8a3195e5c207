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

/**
 * Workspaces from repositories: git's own server, the whole house, git's own eyes on the result.
 */
class RepositoryServiceIT {
  private static Path home;
  private static Path work;
  private static GitHttp git;
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path temporary) throws IOException {
    home = Files.createDirectory(temporary.resolve("home"));
    work = Files.createDirectory(temporary.resolve("work"));
    var served = Files.createDirectory(temporary.resolve("served"));
    committed();
    GitHttp.run(temporary, "git", "clone", "-q", "--bare", "work", "served/repo.git");
    GitHttp.run(served.resolve("repo.git"), "git", "config", "http.uploadpack", "true");
    GitHttp.run(
        served.resolve("repo.git"), "git", "config", "uploadpack.allowAnySHA1InWant", "true");
    git = new GitHttp(served);
    doors =
        ApiTestServer.house(
            home,
            "--agentledger.outbound.ports=" + git.port(),
            "--agentledger.outbound.allowed-networks=127.0.0.1/32",
            "--agentledger.git.unencrypted=true",
            "--agentledger.git.timeout=5s");
  }

  private static void committed() throws IOException {
    GitHttp.run(work, "git", "init", "-q", "-b", "trunk");
    Files.writeString(work.resolve("read.me"), "first\n");
    commit("one");
    GitHttp.run(work, "git", "tag", "-a", "v1", "-m", "the first");
    Files.createDirectories(work.resolve("bin"));
    Files.writeString(work.resolve("bin/run"), "#!/bin/sh\necho it runs\n");
    Files.setPosixFilePermissions(
        work.resolve("bin/run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createSymbolicLink(work.resolve("link"), Path.of("bin/run"));
    Files.createSymbolicLink(work.resolve("out"), Path.of("/etc/hostname"));
    Files.writeString(work.resolve(".gitattributes"), "*.txt text eol=crlf filter=evil\n");
    Files.writeString(work.resolve("words.txt"), "a line\n");
    commit("two");
    GitHttp.run(work, "git", "branch", "feature/x");
    Files.writeString(work.resolve("read.me"), "third\n");
    commit("three");
  }

  private static void commit(String message) throws IOException {
    GitHttp.run(work, "git", "add", "-A");
    GitHttp.run(work, "git", "commit", "-q", "-m", message);
  }

  @AfterAll
  static void close() {
    doors.close();
    git.close();
  }

  private static HttpResponse<String> opened(String workspace) {
    return doors.post("/api/v1/sessions", "{\"workspace\": " + workspace + "}");
  }

  private static String wish(String url, String more) {
    return "{\"type\": \"git\", \"url\": \"" + url + "\"" + more + "}";
  }

  private static JsonNode good(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return ApiTestServer.json(answer);
  }

  private static void isRefused(HttpResponse<String> answer, String rule) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(answer).path("code").asString()).isEqualTo("workspace_" + rule);
  }

  private static Path workspace(JsonNode session) throws IOException {
    var id = new SessionId(session.path("id").asString());
    return doors.bean(NodeWorkspaces.class).all().get(id);
  }

  private static String git(Path workspace, String... words) throws IOException {
    var command = new String[words.length + 3];
    command[0] = "git";
    command[1] = "-c";
    command[2] = "safe.directory=*";
    System.arraycopy(words, 0, command, 3, words.length);
    return GitHttp.run(workspace, command);
  }

  @Test
  void theHeadIsCheckedOutAsGitWouldButNothingOfItRuns() throws IOException {
    var session = good(opened(wish(git.url("/open/repo.git"), "")));
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
        doors.get("/api/v1/sessions/" + session.path("id").asString() + "/files/content?path=out");
    assertThat(read.statusCode()).as("a link of a repository leads nowhere").isEqualTo(422);
  }

  @Test
  void branchesTagsAndCommitsAreFound() throws IOException {
    var branch = good(opened(wish(git.url("/open/repo.git"), ", \"ref\": \"feature/x\"")));
    assertThat(git(workspace(branch), "branch", "--show-current")).isEqualTo("feature/x");
    assertThat(workspace(branch).resolve("read.me")).hasContent("first");
    var tag = good(opened(wish(git.url("/open/repo.git"), ", \"ref\": \"v1\"")));
    assertThat(tag.at("/workspace/commit").asString())
        .isEqualTo(git(work, "rev-parse", "v1^{commit}"));
    assertThat(workspace(tag).resolve("bin")).doesNotExist();
    var id = git(work, "rev-parse", "trunk~1");
    var commit = good(opened(wish(git.url("/open/repo.git"), ", \"ref\": \"" + id + "\"")));
    assertThat(git(workspace(commit), "rev-parse", "HEAD")).isEqualTo(id);
    assertThat(git(workspace(commit), "status", "--porcelain")).isEmpty();
    var deep = good(opened(wish(git.url("/open/repo.git"), ", \"depth\": 2")));
    assertThat(git(workspace(deep), "log", "--oneline").lines()).hasSize(2);
    isRefused(opened(wish(git.url("/open/repo.git"), ", \"ref\": \"nothing\"")), "git_ref");
    isRefused(opened(wish(git.url("/open/none.git"), "")), "git_not_found");
  }

  private static String secret(String value) {
    var vault = good(doors.post("/api/v1/vaults", "{\"name\": \"of git\"}")).path("id").asString();
    var put =
        doors
            .request("/api/v1/vaults/" + vault + "/secrets/git")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(value));
    assertThat(doors.send(put).statusCode()).isBetween(200, 204);
    return ", \"credential\": {\"vault\": \"" + vault + "\", \"name\": \"git\"}";
  }

  private static String basic(String url, String password) {
    return "{\"type\": \"basic\", \"url\": \"%s\", \"username\": \"%s\", \"password\": \"%s\"}"
        .formatted(url, GitHttp.USER, password);
  }

  @Test
  void aCredentialOpensWhatIsPrivateAndIsWrittenNowhere() throws IOException {
    var url = git.url("/private/repo.git");
    isRefused(opened(wish(url, "")), "git_refused");
    isRefused(opened(wish(url, secret(basic(git.url("/"), "wrong")))), "git_refused");
    isRefused(
        opened(wish(url, secret(basic("http://127.0.0.1:1/", GitHttp.PASSWORD)))),
        "git_credential");
    var session = good(opened(wish(url, secret(basic(git.url("/"), GitHttp.PASSWORD)))));
    assertThat(workspace(session).resolve("read.me")).hasContent("third");
    assertThat(git(workspace(session), "config", "remote.origin.url")).isEqualTo(url);
    try (var all = Files.walk(workspace(session))) {
      for (var file : all.filter(Files::isRegularFile).toList())
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .doesNotContain(GitHttp.PASSWORD)
            .doesNotContain(GitHttp.USER);
    }
    var none = ", \"credential\": {\"vault\": \"vlt_zzzzzzzzzz\", \"name\": \"git\"}";
    isRefused(opened(wish(url, none)), "git_credential");
  }

  @Test
  void noRepositoryLeadsTheServiceElsewhere() {
    isRefused(opened(wish("http://127.0.0.2:" + git.port() + "/open/repo.git", "")), "git_url");
    isRefused(opened(wish("https://169.254.169.254/latest", "")), "git_url");
    isRefused(opened(wish("https://somebody:pw@example.com/x.git", "")), "git_url");
    isRefused(opened(wish(git.url("/elsewhere/repo.git"), "")), "git_unreachable");
  }

  @Test
  void aServerThatNeverAnswersIsLeft() {
    isRefused(opened(wish(git.url("/slow/repo.git"), "")), "git_time");
  }

  @ParameterizedTest
  @ValueSource(strings = {".git", ".GIT", "..", "../../outside"})
  void aRepositoryThatWouldWriteWhereItMustNotIsRefused(String name) throws IOException {
    var evil =
        Files.createTempDirectory(home.getParent().resolve("served"), "evil").toAbsolutePath();
    GitHttp.run(evil, "git", "init", "-q", "--bare", "-b", "trunk");
    GitHttp.run(evil, "git", "config", "core.protectNTFS", "false");
    Files.writeString(evil.resolve("blob"), "pwned\n");
    var blob = GitHttp.run(evil, "git", "hash-object", "-w", "blob");
    // Not by git's own programs, which refuse to write such a tree.
    var tree = new java.io.ByteArrayOutputStream();
    tree.writeBytes(("100644 " + name + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    tree.writeBytes(java.util.HexFormat.of().parseHex(blob));
    Files.write(evil.resolve("tree"), tree.toByteArray());
    var root = GitHttp.run(evil, "git", "hash-object", "-w", "-t", "tree", "--literally", "tree");
    var commit = GitHttp.run(evil, "git", "commit-tree", root, "-m", "evil");
    GitHttp.run(evil, "git", "update-ref", "refs/heads/trunk", commit);
    var answer = opened(wish(git.url("/open/" + evil.getFileName()), ""));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
  }

  /** Ten folders in each of ten: a few hundred bytes that would be ten million files. */
  @Test
  void aTreeWithoutEndIsStopped() throws IOException {
    var bomb = Files.createTempDirectory(home.getParent().resolve("served"), "bomb");
    GitHttp.run(bomb, "git", "init", "-q", "--bare", "-b", "trunk");
    Files.writeString(bomb.resolve("blob"), "x");
    var last = "100644 blob " + GitHttp.run(bomb, "git", "hash-object", "-w", "blob");
    var tree = "";
    for (int level = 0; level < 7; level++) {
      var lines = new StringBuilder();
      for (int i = 0; i < 10; i++) lines.append(last).append("\tf").append(i).append('\n');
      Files.writeString(bomb.resolve("lines"), lines);
      tree = GitHttp.run(bomb, "sh", "-c", "git mktree < lines");
      last = "040000 tree " + tree;
    }
    var commit = GitHttp.run(bomb, "git", "commit-tree", tree, "-m", "bomb");
    GitHttp.run(bomb, "git", "update-ref", "refs/heads/trunk", commit);
    var requested = "{\"workspace\": " + wish(git.url("/open/" + bomb.getFileName()), "") + "}";
    var patient =
        doors.requestAs(doors.key(), "/api/v1/sessions"); // What was made is removed, too.
    var answer =
        doors.send(
            patient
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(requested)));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    assertThat(ApiTestServer.json(answer).path("code").asString())
        .isIn("workspace_git_time", "workspace_too_large");
  }

  @Test
  void whatIsWrongWithAWishIsNamed() {
    for (var wrong :
        new String[] {
          "{\"type\": \"git\"}",
          "{\"type\": \"git\", \"url\": \"ftp://example.com/x\"}",
          "{\"type\": \"empty\", \"url\": \"https://example.com/x\"}"
        }) {
      var answer = opened(wrong);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
      assertThat(ApiTestServer.json(answer).at("/errors/0/pointer").asString())
          .isEqualTo("/workspace/url");
    }
    var depth = opened(wish("https://example.com/x", ", \"depth\": 0"));
    assertThat(ApiTestServer.json(depth).at("/errors/0/pointer").asString())
        .isEqualTo("/workspace/depth");
  }
}
