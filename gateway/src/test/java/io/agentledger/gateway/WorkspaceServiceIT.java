package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Workspaces that are uploaded, unpacked and downloaded, with all modules. */
class WorkspaceServiceIT {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final ApiTestServer server = ApiTestServer.sharedService();

  @TempDir Path temporary;

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
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

  private static HttpResponse<String> openSession(MultipartForm form) {
    return server.send(form.post(server.request("/api/v1/sessions")));
  }

  private static String path(JsonNode session) {
    return "/api/v1/sessions/" + session.path("id").asString();
  }

  private static String content(String session, String path) {
    return server.get(session + "/files/content?path=" + path).body();
  }

  private static HttpResponse<String> unpack(String session, String folder, byte[] archive) {
    return server.send(
        server
            .request(session + "/files/archive" + folder)
            .PUT(BodyPublishers.ofByteArray(archive)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/files/archive", "/files/content?path=file"})
  void uploadOfCallersWhoMayOnlyReadIsRefusedBeforeItEnds(String path) throws Exception {
    var key = server.post("/api/v1/keys", "{\"name\": \"r\", \"scopes\": [\"sessions:read\"]}");
    var uri = server.uri("/api/v1/sessions/" + server.openSession() + path);
    try (var socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(20_000);
      var head =
          List.of(
              "PUT " + uri.toString().substring(uri.toString().indexOf("/api")) + " HTTP/1.1",
              "Host: " + uri.getAuthority(),
              "Authorization: Bearer " + ApiTestServer.json(key).path("secret").asString(),
              "Content-Type: application/octet-stream",
              "Content-Length: 1000000");
      socket.getOutputStream().write(bytes(String.join("\r\n", head) + "\r\n\r\nfirst"));
      var input = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
      var response = new BufferedReader(input);
      assertThat(response.readLine()).startsWith("HTTP/1.1 403");
    }
  }

  private static byte[] download(String session, String path) throws Exception {
    var request = server.request(session + path).GET().build();
    var response = server.client().send(request, BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/gzip");
    assertThat(response.headers().firstValue("Content-Disposition").orElseThrow())
        .startsWith("attachment; filename=\"ses_");
    return response.body();
  }

  private static String bashOutput(String session, String command) {
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
    var run =
        assertStatus(server.post(session + "/inputs", inputs), 200)
            .at("/queries/0/run_id")
            .asString();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(server.get(session + "/checkpoints").body())
                    .contains("\"moment\":\"after\",\"run_id\":\"" + run + "\""));
    return assertStatus(server.get(session + "/runs/" + run), 200).path("result").asString();
  }

  @Test
  void sessionStartsWithTheUploadedFiles() throws IOException {
    var session =
        assertStatus(
            openSession(
                new MultipartForm()
                    .json("session", "{\"title\": \"With files\"}")
                    .file("archive", "any.zip", zip(Map.of("a/one", "1", "b", "22")))
                    .file("files", "src/Main.java", bytes("class Main {}"))),
            201);
    assertThat(session.path("title").asString()).isEqualTo("With files");
    assertThat(session.path("workspace").toString())
        .isEqualTo("{\"type\":\"upload\",\"files\":3,\"bytes\":16}");
    assertThat(bashOutput(path(session), "cat a/one b src/Main.java; echo more >> a/one"))
        .contains("122class Main {}");
    assertThat(content(path(session), "a/one")).isEqualTo("1more\n");
    assertThat(server.get(path(session) + "/checkpoints").body()).contains("\"opening\"");
  }

  @Test
  void repeatedKeyOpensOneSessionAndRejectsAnotherArchive() throws IOException {
    var first = zip(Map.of("a", "1"));
    var request = server.request("/api/v1/sessions").header("Idempotency-Key", "a-key-of-one");
    var session = assertStatus(server.send(form(first).post(request)), 201);
    request = server.request("/api/v1/sessions").header("Idempotency-Key", "a-key-of-one");
    var repeated = assertStatus(server.send(form(first).post(request)), 201);
    assertThat(repeated.path("id")).isEqualTo(session.path("id"));
    request = server.request("/api/v1/sessions").header("Idempotency-Key", "a-key-of-one");
    var other = server.send(form(zip(Map.of("a", "2"))).post(request));
    assertThat(other.statusCode()).as(other.body()).isIn(409, 422);
  }

  private static MultipartForm form(byte[] archive) {
    return new MultipartForm().file("archive", "x", archive);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; x; not a complete multipart body",
        "b; ''; not a complete multipart body",
        "b; no boundary at all; not a complete multipart body",
        "b; --b|Content-Dis; not a complete multipart body",
        "b; --b|Content-Disposition: form-data, name=\"archive\"||cut off; not a complete",
        "b; --b||no name|--b--|; must have parts with names",
      })
  void rejectsAMalformedForm(String boundary, String body, String rule) {
    var type = "multipart/form-data" + (boundary.isEmpty() ? "" : "; boundary=" + boundary);
    var request = server.request("/api/v1/sessions").header("Content-Type", type);
    var sent = body.replace("|", "\r\n").replace("data, name", "data; name");
    var refused = assertStatus(server.send(request.POST(BodyPublishers.ofString(sent))), 400);
    assertThat(refused.path("code").asString()).isEqualTo("invalid_request");
    assertThat(refused.at("/errors/0/pointer").asString()).isEmpty();
    assertThat(refused.at("/errors/0/detail").asString()).contains(rule);
  }

  @Test
  void rejectsAFormWithLargeHeadersOfAPart() {
    var form = new MultipartForm().file("files", "x".repeat(100_000), bytes("x"));
    assertThat(assertStatus(openSession(form), 400).at("/errors/0/detail").asString())
        .isEqualTo("must have parts with headers of at most 10 KiB");
  }

  @Test
  void rejectsASecondSessionOfAForm() {
    var form =
        new MultipartForm()
            .json("session", "{\"title\": \"a\"}")
            .file("files", "f", bytes("x"))
            .json("session", "{\"title\": \"b\"}");
    var error = assertStatus(openSession(form), 400).at("/errors/0");
    assertThat(error.path("pointer").asString()).isEqualTo("/session");
    assertThat(error.path("detail").asString()).isEqualTo("must be sent only once");
  }

  @Test
  void templateIsAppliedToTheUpload() {
    var template =
        "{\"name\": \"t\", \"variables\": [{\"name\": \"x\"}],"
            + " \"session\": {\"title\": \"of ${x}\"}}";
    var id = assertStatus(server.post("/api/v1/templates", template), 201).path("id").asString();
    var requested = "{\"template_id\": \"" + id + "\", \"variables\": {\"x\": \"it\"}}";
    var form = new MultipartForm().json("session", requested).file("files", "f", bytes("sent"));
    var session = assertStatus(openSession(form), 201);
    assertThat(session.path("title").asString()).isEqualTo("of it");
    assertThat(content(path(session), "f")).isEqualTo("sent");
  }

  @Test
  void archiveIsUnpackedIntoAnExistingDirectory() throws IOException {
    var session = "/api/v1/sessions/" + server.openSession();
    assertStatus(
        server.send(
            server
                .request(session + "/files/content?path=sub/kept")
                .PUT(BodyPublishers.ofString("kept"))),
        200);
    var placed =
        assertStatus(unpack(session, "?folder=sub", zip(Map.of("x/y", "new", "z", "zz"))), 200);
    assertThat(placed.toString()).isEqualTo("{\"files\":2,\"bytes\":5}");
    assertStatus(unpack(session, "?folder=sub", zip(Map.of("x/y", "newer"))), 200);
    assertThat(content(session, "sub/x/y")).isEqualTo("newer");
    assertThat(content(session, "sub/z")).isEqualTo("zz");
    assertThat(content(session, "sub/kept")).isEqualTo("kept");
    assertThat(bashOutput(session, "cat sub/x/y; touch sub/x/made-by-the-agent")).contains("newer");
    assertThat(server.get(session + "/events?format=json&limit=200").body()).contains("unpacked");

    bashOutput(session, "ln -s /tmp sub/out");
    var through = assertStatus(unpack(session, "?folder=sub/out", zip(Map.of("f", "f"))), 422);
    assertThat(through.path("code").asString()).isEqualTo("workspace_not_a_folder");
    var within = assertStatus(unpack(session, "?folder=sub", zip(Map.of("out/f", "f"))), 422);
    assertThat(within.path("code").asString()).isEqualTo("workspace_not_a_folder");
    var inTheWay =
        assertStatus(unpack(session, "", zip(Map.of("a", "1", "sub", "a file", "z", "1"))), 422);
    assertThat(inTheWay.path("code").asString()).isEqualTo("workspace_not_a_file");
    assertStatus(server.get(session + "/files/content?path=a"), 404);
    assertStatus(server.get(session + "/files/content?path=z"), 404);
  }

  @Test
  void rejectsAPathThatIsTooLongForLaterChanges() throws IOException {
    var session = "/api/v1/sessions/" + server.openSession();
    var path = String.join("/", Collections.nCopies(16, "x".repeat(240)));
    assertTooLarge(put(session, path));
    assertTooLarge(unpack(session, "", zip(Map.of(path, "1"))));
    var half = String.join("/", Collections.nCopies(8, "x".repeat(240)));
    assertTooLarge(unpack(session, "?folder=" + half, zip(Map.of(half, "1"))));
    assertStatus(put(session, half), 200);
    assertStatus(put(session, "other"), 200);
  }

  private static HttpResponse<String> put(String session, String path) {
    return server.send(
        server
            .request(session + "/files/content?path=" + path)
            .PUT(BodyPublishers.ofString("content")));
  }

  private static void assertTooLarge(HttpResponse<String> response) {
    assertThat(assertStatus(response, 422).path("code").asString())
        .isEqualTo("workspace_too_large");
  }

  @Test
  void workspaceIsDownloadedAndUploadedAgain() throws Exception {
    var session = "/api/v1/sessions/" + server.openSession();
    bashOutput(session, "mkdir d; echo x > d/run; chmod 755 d/run; ln -s d/run link; mkfifo pipe");
    var archive = download(session, "/files/archive");
    assertThat(download(session, "/workdir/download")).isEqualTo(archive);

    var file = Files.write(temporary.resolve("w.tar.gz"), archive);
    var listed = new ProcessBuilder("tar", "tvzf", file.toString()).start();
    var text = new String(listed.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(listed.waitFor()).isZero();
    assertThat(text).contains("-rwxr-xr-x").contains("link -> d/run").doesNotContain("pipe");

    var again = path(assertStatus(openSession(form(archive)), 201));
    assertThat(bashOutput(again, "ls -l link d/run"))
        .contains("link -> d/run")
        .contains("-rwxr-xr-x");
  }

  @Test
  void rejectedWorkspaceLeavesNothing() throws IOException {
    var refused = assertStatus(openSession(form(zip(Map.of("../../out", "x")))), 422);
    assertThat(refused.path("code").asString()).isEqualTo("workspace_bad_path");
    refused = assertStatus(openSession(form(bytes("no archive at all"))), 422);
    assertThat(refused.path("code").asString()).isEqualTo("workspace_not_an_archive");
    var nothing = assertStatus(openSession(new MultipartForm().json("session", "{}")), 400);
    assertThat(nothing.at("/errors/0/pointer").asString()).isEqualTo("/archive");
    var unknown =
        assertStatus(openSession(new MultipartForm().file("other", "x", bytes("x"))), 400);
    assertThat(unknown.at("/errors/0/pointer").asString()).isEqualTo("/other");
    var path =
        assertStatus(openSession(new MultipartForm().file("files", "../x", bytes("x"))), 400);
    assertThat(path.at("/errors/0/pointer").asString()).isEqualTo("/files/0");
    var empty = "{\"workspace\": {\"type\": \"empty\"}}";
    var both = new MultipartForm().json("session", empty).file("files", "x", bytes("x"));
    assertThat(assertStatus(openSession(both), 400).at("/errors/0/pointer").asString())
        .isEqualTo("/workspace/type");
    var alone = server.post("/api/v1/sessions", "{\"workspace\": {\"type\": \"upload\"}}");
    assertThat(assertStatus(alone, 400).at("/errors/0/pointer").asString())
        .isEqualTo("/workspace/type");
    var inPlace = "{\"workspace\": {\"type\": \"in_place\", \"path\": \"/etc\"}}";
    refused = assertStatus(server.post("/api/v1/sessions", inPlace), 422);
    assertThat(refused.path("code").asString()).isEqualTo("workspace_closed");
    var title =
        new MultipartForm().json("session", "{\"title\": 1}").file("files", "x", bytes("x"));
    assertThat(assertStatus(openSession(title), 400).at("/errors/0/pointer").asString())
        .isEqualTo("/title");
    var session = "/api/v1/sessions/" + server.openSession();
    refused = assertStatus(unpack(session, "", zip(Map.of("/etc/x", "x"))), 422);
    assertThat(refused.path("code").asString()).isEqualTo("workspace_bad_path");
    assertThat(
            assertStatus(unpack(session, "?folder=..", new byte[0]), 400)
                .at("/errors/0")
                .toString())
        .contains("folder");
  }
}
