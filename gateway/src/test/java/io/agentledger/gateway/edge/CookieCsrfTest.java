package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.edge.RawHttp.Answer;
import io.agentledger.gateway.support.edge.CookieCsrfFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests with a cookie are accepted from the service's own pages only. The route requires a login
 * too, so accepted requests get status 401.
 */
class CookieCsrfTest {
  private static final String ALLOWED_ORIGIN = "http://dashboard.example";
  private static final String COOKIE = "Cookie: a=b; " + CookieCsrfFilter.COOKIE + "=token";
  private static final String SOCKET =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home, "--agentledger.edge.allowed-origins=" + ALLOWED_ORIGIN);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static Answer request(String line, List<String> headers) throws IOException {
    try (var raw = new RawHttp(server.port())) {
      return raw.send(
              line
                  + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 2\r\n"
                  + String.join("\r\n", headers)
                  + "\r\n\r\n{}")
          .answer()
          .orElseThrow();
    }
  }

  private static void assertForged(Answer answer) {
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("cross_site_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-A: b", // The request contains no origin.
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: none",
        "Sec-Fetch-Site: Same-Origin, cross-site",
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost",
        "Referer: http://localhost/"
      })
  void rejectsCookieRequestsFromOtherOrigins(String hint) throws IOException {
    for (var method : new String[] {"POST", "PUT", "PATCH", "DELETE"})
      assertForged(request(method + " /api/v1/sessions", List.of(COOKIE, hint)));
    assertForged(request("GET /api/v1/query/ws", List.of(COOKIE, hint, SOCKET)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: same-origin\r\nOrigin: http://localhost",
        "Origin: http://localhost",
        "Sec-Fetch-Site: cross-site\r\nOrigin: " + ALLOWED_ORIGIN
      })
  void acceptsCookieRequestsFromOwnAndAllowedOrigins(String hint) throws IOException {
    assertThat(request("POST /api/v1/sessions", List.of(COOKIE, hint)).status()).isEqualTo(401);
    assertThat(request("GET /api/v1/query/ws", List.of(COOKIE, hint, SOCKET)).status())
        .isEqualTo(401);
  }

  @Test
  void acceptsReadRequests() throws IOException {
    var hint = "Sec-Fetch-Site: cross-site";
    assertThat(request("GET /api/v1/status", List.of(COOKIE, hint)).status()).isEqualTo(401);
  }

  @Test
  void keyIsNotACookie() throws IOException {
    var key = "X-API-Key: " + server.key();
    assertThat(request("POST /api/v1/sessions", List.of(key)).status()).isEqualTo(201);
    assertThat(request("POST /api/v1/sessions", List.of(key, COOKIE)).status()).isEqualTo(201);
    var bearer = "Authorization: Bearer " + server.key();
    assertThat(request("POST /api/v1/sessions", List.of(bearer, COOKIE)).status()).isEqualTo(201);
  }

  @Test
  void otherCookiesAreIgnored() throws IOException {
    assertThat(request("POST /api/v1/sessions", List.of("Cookie: a=b")).status()).isEqualTo(401);
  }
}
