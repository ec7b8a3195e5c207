package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
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
