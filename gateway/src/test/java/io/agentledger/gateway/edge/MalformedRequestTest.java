package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.edge.RawHttp.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** An ambiguous request is rejected with a problem, and its connection closed. */
class MalformedRequestTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static String validRequest() {
    return "Host: localhost\r\nX-API-Key: " + server.key() + "\r\n";
  }

  private static String get(String target, String more) {
    return "GET " + target + " HTTP/1.1\r\n" + validRequest() + more + "\r\n";
  }

  private static String post(String more, String body) {
    return "POST /api/v1/sessions HTTP/1.1\r\n"
        + validRequest()
        + "Content-Type: application/json\r\n"
        + more
        + "\r\n"
        + body;
  }

  private static Answer send(String request) throws IOException {
    try (var raw = new RawHttp(server.port())) {
      return raw.send(request).answer().orElseThrow();
    }
  }

  private static void assertProblem(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.header("X-Content-Type-Options")).hasValue("nosniff");
    var problem = JSON.readTree(answer.body());
    assertThat(problem.path("code").asString()).isEqualTo(code);
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("detail").asString()).isNotEmpty();
    assertThat(problem.path("request_id").asString()).startsWith("req_");
  }

  static Stream<Arguments> ambiguousBodies() {
    var chunk = "2\r\n{}\r\n0\r\n\r\n";
    return Stream.of(
        Arguments.of("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", chunk),
        Arguments.of("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", chunk),
        Arguments.of("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", chunk),
        Arguments.of("Transfer-Encoding: gzip, chunked\r\n", chunk),
        Arguments.of("Transfer-Encoding: xchunked\r\n", chunk),
        Arguments.of("Transfer-Encoding: \u000bchunked\r\n", chunk),
        Arguments.of("Transfer-Encoding : chunked\r\n", chunk),
        Arguments.of("Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
        Arguments.of("Content-Length: 2, 3\r\n", "{}"),
        Arguments.of("Content-Length: -1\r\n", "{}"),
        Arguments.of("Content-Length: +2\r\n", "{}"),
        Arguments.of("Content-Length: 0x2\r\n", "{}"),
        Arguments.of("Content-Length: 99999999999999999999\r\n", "{}"),
        Arguments.of("Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("Transfer-Encoding: chunked\r\n", "-2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("Transfer-Encoding: chunked\r\n", "fffffffff\r\n{}\r\n0\r\n\r\n"));
  }

  @Test
  void rejectsTwoContentTypes() throws IOException {
    for (var second : new String[] {"application/json", "text/plain"})
      assertProblem(
          send(post("Content-Type: " + second + "\r\nContent-Length: 2\r\n", "{}")),
          400,
          "malformed_request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Authorization", "Idempotency-Key", "If-Match"})
  void rejectsTwoOfAHeader(String name) throws IOException {
    var twice = name + ": \"a\"\r\n" + name + ": \"b\"\r\n";
    assertProblem(send(post(twice + "Content-Length: 2\r\n", "{}")), 400, "malformed_request");
  }

  @ParameterizedTest
  @MethodSource("ambiguousBodies")
  void rejectsAmbiguousBodyLengthsAndReadsNothingBehind(String headers, String body)
      throws IOException {
    try (var raw = new RawHttp(server.port())) {
      raw.send(post(headers, body) + get("/api/v1/status", ""));
      assertProblem(raw.answer().orElseThrow(), 400, "malformed_request");
      assertThat(raw.answer()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example/api/v1/status",
        "http://localhost/api/v1/status",
        "api/v1/status",
        "*",
        "/api/v1/status#a",
        "/api\\v1\\status",
        "/api/v1/sessions/{a}|^",
        "/api/v1/sessions/%zz",
        "/api/v1/sessions/%2",
        "/api/v1/sessions?cursor=%z1",
        "/api/v1/sessions/\u00fc",
        "/api/v1/sessions/\u007f",
        "/api/v1/..;/v1/status",
        "/api/v1/status;a=b",
        "/api%2fv1/status",
        "/api%2Fv1/status",
        "/api%5cv1/status",
        "/api/v1/%2e%2e/v1/status",
        "/api/v1/../v1/status",
        "/api/v1/./status",
        "//api//v1/status",
        "/%2f/api/v1/status",
        "/api/v1/status%00",
        "/api/v1/users?text=a%00b",
        "/api/v1/sessions/a%0d%0aX:y",
        "/api/v1/sessions/a%250d",
      })
  void rejectsAmbiguousTargets(String target) throws IOException {
    assertProblem(send(get(target, "")), 400, "malformed_request");
  }

  @ParameterizedTest
  @CsvSource({
    "TRACE, 405",
    "CONNECT, 405",
    "FROB, 405",
    "get, 405",
    "PROPFIND, 405",
    "PUT, 405",
    "DELETE, 405"
  })
  void rejectsUnknownMethods(String method, int status) throws IOException {
    var answer = send(method + " /api/v1/status HTTP/1.1\r\n" + validRequest() + "\r\n");
    assertProblem(answer, status, "method_not_allowed");
    assertThat(answer.header("Allow").orElseThrow().split(",")).contains("GET", "HEAD", "OPTIONS");
  }

  static Stream<Arguments> malformedHeads() {
    var key = "X-API-Key: " + server.key() + "\r\n";
    return Stream.of(
            "GET /api/v1/status HTTP/1.1\r\n" + key + "\r\n",
            "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n"
                + key
                + "\r\n",
            "GET /api/v1/status HTTP/1.1\r\nHost: a b:c@/\r\n" + key + "\r\n",
            "GET /api/v1/status HTTP/3.7\r\n" + validRequest() + "\r\n",
            "GET /api/v1/status\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u0016\u0003\u0001\u0000\u00a5\u0001\u0000\u0000\r\n\r\n",
            get("/api/v1/status", "X-A : b\r\n"),
            get("/api/v1/status", "X-A: b\u0000c\r\n"),
            get("/api/v1/status", "X-Request-ID: b\rX-Evil: c\r\n"),
            get("/api/v1/status", "no colon\r\n"),
            get("/api/v1/status", ": empty\r\n"),
            get("/api/v1/status", "Cookie: \u0001=;;=\"\r\n"))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("malformedHeads")
  void rejectsAMalformedHead(String head) throws IOException {
    assertProblem(send(head), 400, "malformed_request");
  }

  @Test
  void overlongPartIsNamed() throws IOException {
    assertProblem(send(get("/" + "a".repeat(100_000), "")), 414, "uri_too_long");
    var large = "X-A: " + "a".repeat(100_000) + "\r\n";
    assertProblem(send(get("/api/v1/status", large)), 431, "headers_too_large");
    var many = "X-A: a\r\n".repeat(5_000);
    assertProblem(send(get("/api/v1/status", many)), 431, "headers_too_large");
  }

  @Test
  void bodiesMustBePlainJson() throws IOException {
    assertProblem(
        send(post("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}")),
        415,
        "unsupported_media_type");
    assertProblem(
        send(post("Expect: 200-maybe\r\nContent-Length: 2\r\n", "{}")), 417, "expectation_failed");
    for (var type :
        new String[] {"multipart/mixed", "application/x-www-form-urlencoded", ";;;", "text/html"}) {
      var request = post("Content-Length: 2\r\n", "{}").replace("application/json", type);
      assertProblem(send(request), 415, "unsupported_media_type");
    }
    var form = post("Content-Length: 2\r\n", "{}");
    assertProblem(
        send(form.replace("application/json", "multipart/form-data; boundary=a")),
        400,
        "invalid_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"title\": \"\u00ff\"}",
        "{\"title\": \"\u00c0\u00af\"}",
        "{\"title\": \"\u00ed\u00a0\u0080\"}",
        "{\"title\": \"\u00f4\u0090\u0080\u0080\"}",
        "{\"title\": \"\u00c3",
        "\u0000{\u0000}",
        "{\u0000}\u0000",
        "\u00fe\u00ff\u0000{\u0000}",
        "\u0000\u0000\u0000{\u0000\u0000\u0000}"
      })
  void rejectsBodiesThatAreNotUtf8(String body) throws IOException {
    assertProblem(
        send(post("Content-Length: " + body.length() + "\r\n", body)), 400, "invalid_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"iso-8859-1", "UTF-16", "\"utf-32\"", "utf-7", "", "utf-8; charset=ascii"})
  void rejectsAnotherCharset(String charset) throws IOException {
    var request =
        post("Content-Length: 2\r\n", "{}")
            .replace("application/json", "application/json; charset=" + charset);
    assertProblem(send(request), 415, "unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%ff", "%c0%af", "%ed%a0%80", "%c3", "a%e2%82b"})
  void rejectsTargetsThatAreNotUtf8(String encoded) throws IOException {
    assertProblem(send(get("/api/v1/sessions/" + encoded, "")), 400, "malformed_request");
    assertProblem(send(get("/api/v1/sessions?q=" + encoded, "")), 400, "malformed_request");
  }

  @Test
  void utf8IsTakenHoweverItIsNamed() throws IOException {
    for (var type : new String[] {"", "; charset=utf-8", ";charset=\"UTF-8\""}) {
      var body = "{\"title\": \"\u00c3\u00a9\"}";
      var request =
          post("Content-Length: " + body.length() + "\r\n", body)
              .replace("application/json", "application/json" + type);
      assertThat(send(request).status()).as(type).isEqualTo(201);
    }
    assertThat(send(get("/api/v1/sessions?q=%c3%a9", "")).status()).isIn(200, 400);
  }

  @Test
  void fileRangeIsAnsweredWithTheWholeFile() throws IOException {
    for (var range :
        new String[] {"bytes=0-0,1-1", "bytes=99999-", "bytes=" + "0-0,".repeat(500)}) {
      try (var raw = new RawHttp(server.port())) {
        raw.send(get("/swagger-ui/index.html", "Range: " + range + "\r\n"));
        var file = raw.answer().orElseThrow();
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.body()).contains("</html>");
        raw.send(get("/api/v1/status", ""));
        assertThat(raw.answer().orElseThrow().body()).startsWith("{\"version\"");
      }
    }
  }

  @Test
  void requestValuesNeverBecomeResponseHeaders() throws IOException {
    for (var target :
        new String[] {
          "/api/v1/sessions/x%0d%0aX-Evil:1", "/x%0aX-Evil:1", "/docs?a=%0d%0aX-Evil:1"
        }) {
      var answer = send(get(target, "Origin: http://localhost\r\n"));
      assertThat(answer.header("X-Evil")).as(target).isEmpty();
    }
    for (var id : new String[] {"a\tb", "<script>", "\u00e9", "x".repeat(500)}) {
      var answer = send(get("/api/v1/status", "X-Request-ID: " + id + "\r\n"));
      assertThat(answer.header("X-Request-ID").orElseThrow()).startsWith("req_");
    }
  }

  @Test
  void wellFormedRequestsStillPass() throws IOException {
    try (var raw = new RawHttp(server.port())) {
      for (int i = 0; i < 3; i++) {
        raw.send(post("Content-Length: 2\r\nExpect: 100-continue\r\n", ""));
        assertThat(raw.answer().orElseThrow().status()).isEqualTo(100);
        assertThat(raw.send("{}").answer().orElseThrow().status()).isEqualTo(201);
        raw.send(post("Transfer-Encoding: chunked\r\n", "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"));
        assertThat(raw.answer().orElseThrow().status()).isEqualTo(201);
        raw.send(get("/v3/api-docs?a=%41[]", "") + get("/api/v1/status", ""));
        assertThat(raw.answer().orElseThrow().status()).isEqualTo(200);
        assertThat(raw.answer().orElseThrow().status()).isEqualTo(200);
      }
    }
  }
}
