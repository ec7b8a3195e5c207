package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.edge.RawHttp.Answer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other origins are rejected unless the origin is allowed. */
class CrossOriginTest {
  private static final String ALLOWED_ORIGIN = "https://ledger.example";
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server =
        ApiTestServer.open(
            home,
            "--agentledger.edge.allowed-origins=" + ALLOWED_ORIGIN + ":443,http://localhost:3000",
            "--agentledger.edge.allowed-hosts=ledger.example");
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static Answer request(String line, String... headers) throws IOException {
    try (var raw = new RawHttp(server.port())) {
      return raw.send(
              line + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
          .answer()
          .orElseThrow();
    }
  }

  private static String key() {
    return "X-API-Key: " + server.key();
  }

  @Test
  void preflightOfAnAllowedOriginNeedsNoKey() throws IOException {
    var answer =
        request(
            "OPTIONS /api/v1/sessions",
            "Origin: " + ALLOWED_ORIGIN,
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization, content-type, idempotency-key");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Access-Control-Allow-Origin")).hasValue(ALLOWED_ORIGIN);
    assertThat(answer.header("Access-Control-Allow-Credentials")).hasValue("true");
    assertThat(answer.header("Access-Control-Allow-Methods").orElseThrow()).contains("POST");
    assertThat(answer.header("Access-Control-Max-Age")).hasValue("1800");
  }

  @Test
  void responseToAnAllowedOriginIsReadable() throws IOException {
    var answer = request("GET /api/v1/status", key(), "Origin: " + ALLOWED_ORIGIN);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Access-Control-Allow-Origin")).hasValue(ALLOWED_ORIGIN);
    assertThat(answer.header("Access-Control-Expose-Headers").orElseThrow()).contains("ETag");
    assertThat(answer.headers()).anyMatch(line -> line.equalsIgnoreCase("Vary: Origin"));
    assertThat(
            request("GET /api/v1/status", "Origin: " + ALLOWED_ORIGIN)
                .header("Access-Control-Allow-Origin"))
        .as("a refusal, too")
        .hasValue(ALLOWED_ORIGIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example",
        "http://ledger.example",
        "https://ledger.example.evil.example",
        "https://evil.example/https://ledger.example",
        "https://ledger.example:8443",
        "https://sub.ledger.example",
        "http://localhost:3001",
        "http://127.0.0.1:3000",
        "null",
        "*",
        "::::",
        "https://",
        "https://ledger.example@evil.example"
      })
  void rejectsAnyOtherOrigin(String origin) throws IOException {
    for (var answer :
        new Answer[] {
          request("GET /api/v1/status", key(), "Origin: " + origin),
          request("POST /api/v1/sessions", key(), "Origin: " + origin, "Content-Length: 0"),
          request(
              "OPTIONS /api/v1/sessions",
              "Origin: " + origin,
              "Access-Control-Request-Method: GET"),
          request(
              "GET /api/v1/query/ws",
              key(),
              "Origin: " + origin,
              "Connection: Upgrade",
              "Upgrade: websocket",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
        }) {
      assertThat(answer.status()).as(origin).isEqualTo(403);
      assertThat(answer.body()).contains("origin_not_allowed");
      assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
      assertThat(answer.header("Access-Control-Allow-Credentials")).isEmpty();
    }
  }

  @Test
  void preflightRejectsOtherMethodsAndHeaders() throws IOException {
    var method =
        request(
            "OPTIONS /api/v1/sessions",
            "Origin: " + ALLOWED_ORIGIN,
            "Access-Control-Request-Method: TRACE");
    assertThat(method.status()).isEqualTo(403);
    var header =
        request(
            "OPTIONS /api/v1/sessions",
            "Origin: " + ALLOWED_ORIGIN,
            "Access-Control-Request-Method: GET",
            "Access-Control-Request-Headers: x-forwarded-for");
    assertThat(header.header("Access-Control-Allow-Headers").orElse("")).isEmpty();
  }

  @Test
  void sameOriginNeedsNoConfiguration() throws IOException {
    var answer = request("GET /api/v1/status", key(), "Origin: http://localhost");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void webSocketOpensForAllowedOriginsOnlyIncludingRSocket() throws IOException {
    var socket =
        new String[] {
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          key(),
          "Origin: " + ALLOWED_ORIGIN
        };
    assertThat(request("GET /api/v1/query/ws", socket).status()).isEqualTo(101);
    try (var raw = new RawHttp(server.port())) {
      socket[5] = "Origin: https://evil.example";
      raw.send(
          "GET /rsocket HTTP/1.1\r\nHost: localhost\r\n"
              + String.join("\r\n", socket)
              + "\r\n\r\n");
      raw.answer();
      assertThat(raw.isClosedWithin(10_000)).isTrue();
    }
  }

  @Test
  void hostNameAddedByTheOperatorIsServedAndNoOther() throws IOException {
    for (var host : new String[] {"ledger.example", "LEDGER.example:8080"})
      assertThat(statusFor(host)).isEqualTo(200);
    for (var host :
        new String[] {"evil.example", "x.ledger.example", "ledger.example.evil.example"})
      assertThat(statusFor(host)).isEqualTo(421);
  }

  private static int statusFor(String host) throws IOException {
    try (var raw = new RawHttp(server.port())) {
      return raw.send("GET /api/v1/status HTTP/1.1\r\nHost: " + host + "\r\n" + key() + "\r\n\r\n")
          .answer()
          .orElseThrow()
          .status();
    }
  }

  @Test
  void everyResponseHasTheBrowserSecurityHeaders() throws IOException {
    for (var answer :
        new Answer[] {
          request("GET /api/v1/status", key()),
          request("GET /api/v1/status"),
          request("GET /api/v1/status", "Origin: http://evil.example"),
          request("GET /nothing", key())
        }) {
      assertThat(answer.header("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(answer.header("Cross-Origin-Opener-Policy")).hasValue("same-origin");
      assertThat(answer.header("Cross-Origin-Resource-Policy")).hasValue("same-origin");
      assertThat(answer.header("Permissions-Policy")).isPresent();
      assertThat(answer.header("Server")).isEmpty();
      assertThat(answer.header("Strict-Transport-Security")).isEmpty();
    }
  }
}
