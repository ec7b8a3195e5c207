package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Upload and download of single files, with all modules: conditions, media types and ranges. */
class FileTransferServiceIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();

  private static String newSession() {
    return "/api/v1/sessions/" + server.openSession();
  }

  private static JsonNode assertStatus(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return ApiTestServer.json(response);
  }

  private static HttpResponse<String> put(
      String session, String path, String body, String... headers) {
    var request =
        server.request(session + "/files/content?path=" + path).PUT(BodyPublishers.ofString(body));
    return server.send(headers.length == 0 ? request : request.headers(headers));
  }

  private static HttpResponse<String> read(String session, String query) {
    return server.get(session + "/files/content?path=" + query);
  }

  @Test
  void fileIsCreatedOnlyOnceIfThereMustBeNone() {
    var session = newSession();
    assertStatus(put(session, "a/b", "first", "If-None-Match", "*"), 200);
    var refused = assertStatus(put(session, "a/b", "second", "If-None-Match", "*"), 412);
    assertThat(refused.path("code").asString()).isEqualTo("file_exists");
    refused = assertStatus(put(session, "a", "a folder", "If-None-Match", "*"), 412);
    assertThat(refused.path("code").asString()).isEqualTo("file_exists");
    assertThat(read(session, "a/b").body()).isEqualTo("first");
  }

  @Test
  void anyFileMustBeThereIfItIsReplaced() {
    var session = newSession();
    var refused = assertStatus(put(session, "f", "new", "If-Match", "*"), 412);
    assertThat(refused.path("code").asString()).isEqualTo("file_changed");
    assertStatus(put(session, "f", "old"), 200);
    assertStatus(put(session, "f", "new", "If-Match", "*"), 200);
    assertThat(read(session, "f").body()).isEqualTo("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"5d41402abc4b2a76\"", "", "*, *"})
  void otherValuesOfTheConditionAreRefused(String value) {
    var session = newSession();
    var refused = assertStatus(put(session, "f", "x", "If-None-Match", value), 400);
    assertThat(refused.at("/errors/0/header").asString()).isEqualTo("If-None-Match");
    assertThat(refused.at("/errors/0/detail").asString()).startsWith("must be *");
  }

  @Test
  void twoConditionsAreRefused() {
    var both = put(newSession(), "f", "x", "If-None-Match", "*", "If-Match", "*");
    assertThat(assertStatus(both, 400).at("/errors/0/detail").asString())
        .startsWith("must not be given with If-Match");
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "application/json", "text/plain"})
  void bytesOfAnyTypeAreStored(String type) {
    var session = newSession();
    assertStatus(put(session, "f", "a=b&c", "Content-Type", type), 200);
    assertThat(read(session, "f").body()).isEqualTo("a=b&c");
  }

  @Test
  void formIsRefusedInPlaceOfAFile() {
    var session = newSession();
    for (var path : List.of("/files/content?path=f", "/files/archive")) {
      var request =
          server
              .request(session + path)
              .header("Content-Type", "Multipart/form-data; boundary=b")
              .PUT(BodyPublishers.ofString("--b\r\n\r\nx\r\n--b--\r\n"));
      var refused = assertStatus(server.send(request), 415);
      assertThat(refused.path("code").asString()).isEqualTo("unsupported_media_type");
      assertThat(refused.path("detail").asString()).contains("not a form", "--data-binary");
    }
    assertStatus(read(session, "f"), 404);
  }

  @ParameterizedTest
  @CsvSource({
    "ab, offset=100, bytes */2",
    "ab, offset=2, bytes */2",
    "ab, offset=2&length=5, bytes */2",
    "'', offset=0, bytes */0",
    "'', length=1, bytes */0"
  })
  void rangeThatBeginsAtTheEndIsNotSatisfiable(String content, String range, String expected) {
    var session = newSession();
    assertStatus(put(session, "f", content), 200);
    var response = read(session, "f&" + range);
    assertThat(assertStatus(response, 416).path("code").asString())
        .isEqualTo("requested_range_not_satisfiable");
    assertThat(response.headers().firstValue("Content-Range")).hasValue(expected);
  }

  /** Requests a download that is larger than the buffers of its sockets, and does not read it. */
  private static Socket download(String path) throws IOException {
    var socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout((int) Duration.ofSeconds(60).toMillis());
    var request =
        "GET %s HTTP/1.1\r\nHost: localhost\r\nX-API-Key: %s\r\n\r\n".formatted(path, server.key());
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
    return socket;
  }

  @ParameterizedTest
  @CsvSource({
    "/files/content?path=f, 32, too_many_file_downloads",
    "/files/archive, 6, too_many_archive_downloads"
  })
  void downloadsInProgressAreLimited(String path, int max, String code) throws IOException {
    var session = newSession();
    var content = new byte[16 * 1024 * 1024];
    new Random(1).nextBytes(content); // An archive of zeros would be small.
    var upload = server.request(session + "/files/content?path=f");
    assertStatus(server.send(upload.PUT(BodyPublishers.ofByteArray(content))), 200);
    var sockets = new ArrayList<Socket>();
    try {
      for (int i = 0; i < max; i++) sockets.add(download(session + path));
      var refused = assertStatus(server.get(session + path), 409);
      assertThat(refused.path("code").asString()).isEqualTo(code);
      sockets.removeLast().close();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> server.get(session + path).statusCode() == 200);
    } finally {
      for (var socket : sockets) socket.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "n%0Al.txt, attachment; filename=\"n_l.txt\"",
    "%1B%7F, attachment; filename=\"__\"",
    "a%C3%A4, filename*=UTF-8''a%C3%A4"
  })
  void fileOfAnyNameIsRead(String name, String disposition) {
    var session = newSession();
    assertStatus(put(session, name, "abc"), 200);
    var response = read(session, name);
    assertThat(response.body()).isEqualTo("abc");
    assertThat(response.headers().firstValue("Content-Disposition").orElseThrow())
        .contains(disposition);
  }

  @Test
  void headReadsNothing() {
    var session = newSession();
    assertStatus(put(session, "f", "abc"), 200);
    for (var path : List.of("/files/content?path=f", "/files/archive")) {
      var response = server.send(server.request(session + path).HEAD());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Disposition")).isPresent();
    }
    var response = server.send(server.request(session + "/files/content?path=f").HEAD());
    assertThat(response.headers().firstValue("Content-Length")).hasValue("3");
  }

  @Test
  void lengthOfADownloadIsKnown() {
    var session = newSession();
    assertStatus(put(session, "f", "abc"), 200);
    assertThat(read(session, "f").headers().firstValue("Content-Length")).hasValue("3");
    assertThat(read(session, "f&offset=1").headers().firstValue("Content-Length")).hasValue("2");
    assertStatus(put(session, "empty", ""), 200);
    assertThat(read(session, "empty").headers().firstValue("Content-Length")).hasValue("0");
  }

  @Test
  void rangeHasAtLeastOneByte() {
    var session = newSession();
    assertStatus(put(session, "f", "ab"), 200);
    var refused = assertStatus(read(session, "f&offset=1&length=0"), 400);
    assertThat(refused.at("/errors/0/parameter").asString()).isEqualTo("length");
    assertThat(refused.at("/errors/0/detail").asString()).isEqualTo("must be at least 1");
    var part = read(session, "f&offset=1&length=5");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 1-1/2");
  }
}
