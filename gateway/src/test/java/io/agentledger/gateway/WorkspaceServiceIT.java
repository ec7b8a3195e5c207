package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Workspaces that are sent, unpacked into and downloaded, with all sides behind them. */
class WorkspaceServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final ApiTestServer doors = ApiTestServer.sharedHouse();

  @TempDir Path temporary;

  private static JsonNode done(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return ApiTestServer.json(answer);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (var file : new TreeMap<>(files).entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(bytes(file.getValue()));
      }
    }
    return out.toByteArray();
  }

  private static HttpResponse<String> opened(Multipart form) {
    return doors.send(form.post(doors.request("/api/v1/sessions")));
  }

  private static String path(JsonNode session) {
    return "/api/v1/sessions/" + session.path("id").asString();
  }

  private static String content(String session, String path) {
    return doors.get(session + "/files/content?path=" + path).body();
  }

  private static HttpResponse<String> unpack(String session, String folder, byte[] archive) {
    return doors.send(
        doors
            .request(session + "/files/archive" + folder)
            .PUT(BodyPublishers.ofByteArray(archive)));
  }

  private static byte[] download(String session, String path) throws Exception {
    var request = doors.request(session + path).GET().build();
    var answer = doors.client().send(request, BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/gzip");
    assertThat(answer.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith("attachment; filename=\"ses_");
    return answer.body();
  }

  private static String said(String session, String command) {
    var prompt =
        """
        ```rehearsal
        - calls:
            - {tool: Bash, input: {command: "%s", description: Does it}}
        - say: "It says: {{last | lines 9}}"
        ```
        """
            .formatted(command)
            .replace("\n", "\\n")
            .replace("\"", "\\\"");
    var inputs = "{\"inputs\": [{\"type\": \"prompt\", \"prompt\": \"" + prompt + "\"}]}";
    var run = done(doors.post(session + "/inputs", inputs), 200).at("/queries/0/run_id").asString();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(doors.get(session + "/checkpoints").body())
                    .contains("\"moment\":\"after\",\"run_id\":\"" + run + "\""));
    return done(doors.get(session + "/runs/" + run), 200).path("result").asString();
  }

  @Test
  void aSessionBeginsWithWhatIsSentAlong() throws IOException {
    var session =
        done(
            opened(
                new Multipart()
                    .json("session", "{\"title\": \"With files\"}")
                    .file("archive", "any.zip", zip(Map.of("a/one", "1", "b", "22")))
                    .file("files", "src/Main.java", bytes("class Main {}"))),
            201);
    assertThat(session.path("title").asString()).isEqualTo("With files");
    assertThat(session.path("workspace").toString())
        .isEqualTo("{\"type\":\"uploaded\",\"files\":3,\"bytes\":16}");
    assertThat(said(path(session), "cat a/one b src/Main.java; echo more >> a/one"))
        .contains("122class Main {}");
    assertThat(content(path(session), "a/one")).isEqualTo("1more\n");
    assertThat(doors.get(path(session) + "/checkpoints").body()).contains("\"opening\"");
  }

  @Test
  void theSameKeyOpensOneSessionAndAnotherArchiveUnderItIsRefused() throws IOException {
    var first = zip(Map.of("a", "1"));
    var request = doors.request("/api/v1/sessions").header("Idempotency-Key", "a-key-of-one");
    var node = done(doors.send(form(first).post(request)), 201);
    request = doors.request("/api/v1/sessions").header("Idempotency-Key", "a-key-of-one");
    var two = done(doors.send(form(first).post(request)), 201);
    assertThat(two.path("id")).isEqualTo(node.path("id"));
    request = doors.request("/api/v1/sessions").header("Idempotency-Key", "a-key-of-one");
    var other = doors.send(form(zip(Map.of("a", "2"))).post(request));
    assertThat(other.statusCode()).as(other.body()).isIn(409, 422);
  }

  private static Multipart form(byte[] archive) {
    return new Multipart().file("archive", "x", archive);
  }

  @Test
  void aFormThatIsNoneIsRefused() {
    var broken = new java.util.LinkedHashMap<String, String>();
    broken.put("multipart/form-data", "x");
    broken.put("multipart/form-data; boundary=a", "no boundary at all");
    broken.put(
        "multipart/form-data; boundary=b",
        "--b\r\nContent-Disposition: form-data; name=\"archive\"\r\n\r\ncut off");
    broken.put("multipart/form-data; boundary=c", "--c\r\n\r\nno name\r\n--c--\r\n");
    broken.forEach(
        (type, body) -> {
          var request = doors.request("/api/v1/sessions").header("Content-Type", type);
          var answer = doors.send(request.POST(BodyPublishers.ofString(body)));
          assertThat(answer.statusCode()).as(type + ": " + answer.body()).isEqualTo(400);
          assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
              .contains("problem+json");
        });
  }

  @Test
  void aTemplateIsFilledInAroundWhatIsSent() {
    var template =
        "{\"name\": \"t\", \"variables\": [{\"name\": \"x\"}],"
            + " \"session\": {\"title\": \"of ${x}\"}}";
    var id = done(doors.post("/api/v1/templates", template), 201).path("id").asString();
    var requested = "{\"template\": \"" + id + "\", \"variables\": {\"x\": \"it\"}}";
    var form = new Multipart().json("session", requested).file("files", "f", bytes("sent"));
    var session = done(opened(form), 201);
    assertThat(session.path("title").asString()).isEqualTo("of it");
    assertThat(content(path(session), "f")).isEqualTo("sent");
  }

  @Test
  void anArchiveIsUnpackedIntoAFolderThatIsThere() throws IOException {
    var session = "/api/v1/sessions/" + doors.openSession();
    done(
        doors.send(
            doors
                .request(session + "/files/content?path=sub/kept")
                .PUT(BodyPublishers.ofString("kept"))),
        200);
    var placed = done(unpack(session, "?folder=sub", zip(Map.of("x/y", "new", "z", "zz"))), 200);
    assertThat(placed.toString()).isEqualTo("{\"files\":2,\"bytes\":5}");
    done(unpack(session, "?folder=sub", zip(Map.of("x/y", "newer"))), 200);
    assertThat(content(session, "sub/x/y")).isEqualTo("newer");
    assertThat(content(session, "sub/z")).isEqualTo("zz");
    assertThat(content(session, "sub/kept")).isEqualTo("kept");
    assertThat(said(session, "cat sub/x/y; touch sub/x/made-by-the-agent")).contains("newer");
    assertThat(doors.get(session + "/events?format=json&limit=200").body()).contains("unpacked");

    said(session, "ln -s /tmp sub/out");
    var through = done(unpack(session, "?folder=sub/out", zip(Map.of("f", "f"))), 422);
    assertThat(through.path("code").asString()).isEqualTo("workspace_not_a_folder");
    var within = done(unpack(session, "?folder=sub", zip(Map.of("out/f", "f"))), 422);
    assertThat(within.path("code").asString()).isEqualTo("workspace_not_a_folder");
    var inTheWay = done(unpack(session, "", zip(Map.of("sub", "a file"))), 422);
    assertThat(inTheWay.path("code").asString()).isEqualTo("workspace_not_a_file");
  }

  @Test
  void aWorkspaceIsDownloadedAndSentAgain() throws Exception {
    var session = "/api/v1/sessions/" + doors.openSession();
    said(session, "mkdir d; echo x > d/run; chmod 755 d/run; ln -s d/run link; mkfifo pipe");
    var archive = download(session, "/files/archive");
    assertThat(download(session, "/workdir/download")).isEqualTo(archive);

    var file = Files.write(temporary.resolve("w.tar.gz"), archive);
    var listed = new ProcessBuilder("tar", "tvzf", file.toString()).start();
    var text = new String(listed.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(listed.waitFor()).isZero();
    assertThat(text).contains("-rwxr-xr-x").contains("link -> d/run").doesNotContain("pipe");

    var again = path(done(opened(form(archive)), 201));
    assertThat(said(again, "ls -l link d/run")).contains("link -> d/run").contains("-rwxr-xr-x");
  }

  @Test
  void whatCannotBeAWorkspaceIsRefusedAndLeavesNothing() throws IOException {
    var refused = done(opened(form(zip(Map.of("../../out", "x")))), 422);
    assertThat(refused.path("code").asString()).isEqualTo("workspace_bad_path");
    refused = done(opened(form(bytes("no archive at all"))), 422);
    assertThat(refused.path("code").asString()).isEqualTo("workspace_not_an_archive");
    var empty = done(opened(new Multipart().json("session", "{}")), 400);
    assertThat(empty.at("/errors/0/pointer").asString()).isEqualTo("/archive");
    var unknown = done(opened(new Multipart().file("other", "x", bytes("x"))), 400);
    assertThat(unknown.at("/errors/0/pointer").asString()).isEqualTo("/other");
    var path = done(opened(new Multipart().file("files", "../x", bytes("x"))), 400);
    assertThat(path.at("/errors/0/pointer").asString()).isEqualTo("/files/0");
    var kind = "{\"workspace\": {\"type\": \"empty\"}}";
    var both = new Multipart().json("session", kind).file("files", "x", bytes("x"));
    assertThat(done(opened(both), 400).at("/errors/0/pointer").asString())
        .isEqualTo("/workspace/type");
    var alone = doors.post("/api/v1/sessions", "{\"workspace\": {\"type\": \"upload\"}}");
    assertThat(done(alone, 400).at("/errors/0/pointer").asString()).isEqualTo("/workspace/type");
    var bound = "{\"workspace\": {\"type\": \"bound\", \"path\": \"/etc\"}}";
    refused = done(doors.post("/api/v1/sessions", bound), 422);
    assertThat(refused.path("code").asString()).isEqualTo("workspace_closed");
    var title = new Multipart().json("session", "{\"title\": 1}").file("files", "x", bytes("x"));
    assertThat(done(opened(title), 400).at("/errors/0/pointer").asString()).isEqualTo("/title");
    var session = "/api/v1/sessions/" + doors.openSession();
    refused = done(unpack(session, "", zip(Map.of("/etc/x", "x"))), 422);
    assertThat(refused.path("code").asString()).isEqualTo("workspace_bad_path");
    assertThat(done(unpack(session, "?folder=..", new byte[0]), 400).at("/errors/0").toString())
        .contains("folder");
  }
}
