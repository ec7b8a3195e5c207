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

/** Pages of other origins get in only by name. */
class CrossOriginTest {
  private static final String KNOWN = "https://ledger.example";
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) {
    doors =
        ApiTestServer.open(
            home,
            "--agentledger.edge.origins=" + KNOWN + ":443,http://localhost:3000",
            "--agentledger.edge.hosts=ledger.example");
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  private static Answer ask(String line, String... headers) throws IOException {
    try (var raw = new RawHttp(doors.port())) {
      return raw.send(
              line + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
          .answer()
          .orElseThrow();
    }
  }

  private static String key() {
    return "X-API-Key: " + doors.key();
  }

  @Test
  void aPreflightOfAKnownPageIsAnsweredWithoutAKey() throws IOException {
    var answer =
        ask(
            "OPTIONS /api/v1/sessions",
            "Origin: " + KNOWN,
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization, content-type, idempotency-key");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Access-Control-Allow-Origin")).hasValue(KNOWN);
    assertThat(answer.header("Access-Control-Allow-Credentials")).hasValue("true");
    assertThat(answer.header("Access-Control-Allow-Methods").orElseThrow()).contains("POST");
    assertThat(answer.header("Access-Control-Max-Age")).hasValue("1800");
  }

  @Test
  void anAnswerToAKnownPageMayBeReadByIt() throws IOException {
    var answer = ask("GET /api/v1/status", key(), "Origin: " + KNOWN);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Access-Control-Allow-Origin")).hasValue(KNOWN);
    assertThat(answer.header("Access-Control-Expose-Headers").orElseThrow()).contains("ETag");
    assertThat(answer.headers()).anyMatch(line -> line.equalsIgnoreCase("Vary: Origin"));
    assertThat(ask("GET /api/v1/status", "Origin: " + KNOWN).header("Access-Control-Allow-Origin"))
        .as("a refusal, too")
        .hasValue(KNOWN);
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
  void anyOtherPageIsRefusedWhateverItAsks(String origin) throws IOException {
    for (var answer :
        new Answer[] {
          ask("GET /api/v1/status", key(), "Origin: " + origin),
          ask("POST /api/v1/sessions", key(), "Origin: " + origin, "Content-Length: 0"),
          ask(
              "OPTIONS /api/v1/sessions",
              "Origin: " + origin,
              "Access-Control-Request-Method: GET"),
          ask(
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
  void aMethodOrHeaderThatIsNotSpokenHereIsRefusedAtThePreflight() throws IOException {
    var method =
        ask("OPTIONS /api/v1/sessions", "Origin: " + KNOWN, "Access-Control-Request-Method: TRACE");
    assertThat(method.status()).isEqualTo(403);
    var header =
        ask(
            "OPTIONS /api/v1/sessions",
            "Origin: " + KNOWN,
            "Access-Control-Request-Method: GET",
            "Access-Control-Request-Headers: x-forwarded-for");
    assertThat(header.header("Access-Control-Allow-Headers").orElse("")).isEmpty();
  }

  @Test
  void ourOwnPageNeedsNoLeave() throws IOException {
    var answer = ask("GET /api/v1/status", key(), "Origin: http://localhost");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void aSocketOfAKnownPageIsOpenedAndOfAnotherIsNotOnRSocketToo() throws IOException {
    var socket =
        new String[] {
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          key(),
          "Origin: " + KNOWN
        };
    assertThat(ask("GET /api/v1/query/ws", socket).status()).isEqualTo(101);
    try (var raw = new RawHttp(doors.port())) {
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
  void aNameThatTheOperatorAddsIsServedAndNoOther() throws IOException {
    for (var host : new String[] {"ledger.example", "LEDGER.example:8080"})
      assertThat(statusFor(host)).isEqualTo(200);
    for (var host :
        new String[] {"evil.example", "x.ledger.example", "ledger.example.evil.example"})
      assertThat(statusFor(host)).isEqualTo(421);
  }

  private static int statusFor(String host) throws IOException {
    try (var raw = new RawHttp(doors.port())) {
      return raw.send("GET /api/v1/status HTTP/1.1\r\nHost: " + host + "\r\n" + key() + "\r\n\r\n")
          .answer()
          .orElseThrow()
          .status();
    }
  }

  @Test
  void everyAnswerTellsBrowsersToBeCareful() throws IOException {
    for (var answer :
        new Answer[] {
          ask("GET /api/v1/status", key()),
          ask("GET /api/v1/status"),
          ask("GET /api/v1/status", "Origin: http://evil.example"),
          ask("GET /nothing", key())
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
