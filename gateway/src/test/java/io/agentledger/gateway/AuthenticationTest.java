package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.scripted.ScriptedBackend;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

/** Requests without a key, and requests from other origins, are rejected. */
class AuthenticationTest {
  /** Routes that need no key: health, documentation and public keys. */
  private static final Set<String> OPEN =
      Set.of(
          "/v3/api-docs",
          "/v3/api-docs.yaml",
          "/v3/asyncapi",
          "/",
          "/docs",
          "/.well-known/jwks.json",
          "/widget.js",
          "/actuator/health/liveness",
          "/actuator/health/readiness",
          "/api/v1/health",
          "/api/health");

  /** Routes that verify the signature of a webhook instead of a key. */
  private static final String WEBHOOKS = "/webhooks/";

  /** Routes that verify the origin, and the identity or token of a visitor, instead of a key. */
  private static final String WIDGET = "/widget/";

  /** Routes for unauthenticated clients, which check credentials in the body. */
  private static final Set<String> LOGIN_ROUTES =
      Set.of(
          "POST /api/v1/auth/register",
          "POST /api/v1/auth/login",
          "POST /api/v1/auth/refresh",
          "POST /api/v1/invitations/accept");

  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static HttpRequest.Builder anonymousRequest(String path) {
    return HttpRequest.newBuilder(server.uri(path));
  }

  private static void assertUnauthorized(HttpResponse<String> response, String what) {
    assertThat(response.statusCode()).as(what).isEqualTo(401);
    assertThat(response.headers().firstValue("WWW-Authenticate")).as(what).isPresent();
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(ApiTestServer.json(response).path("code").asString()).isEqualTo("unauthorized");
    assertThat(ApiTestServer.json(response).path("request_id").asString()).isNotEmpty();
  }

  @Test
  void everyProtectedRouteRejectsAnonymousClients() {
    var routes = new TreeSet<String>();
    for (var mapping : mappings())
      for (var pattern : mapping.getPatternsCondition().getPatterns()) {
        var path = pattern.getPatternString();
        if (OPEN.contains(path) || path.startsWith(WEBHOOKS) || path.startsWith(WIDGET)) continue;
        var methods = mapping.getMethodsCondition().getMethods();
        for (var method : methods.isEmpty() ? Set.of(RequestMethod.GET) : methods) {
          routes.add(method + " " + path);
          if (LOGIN_ROUTES.contains(method + " " + path)) continue;
          var filled = path.replaceAll("\\{[^/]*}", "ses_2222222222");
          var response =
              server.send(
                  anonymousRequest(filled)
                      .header("Content-Type", "application/json")
                      .method(method.name(), BodyPublishers.ofString("{}")));
          assertUnauthorized(response, method + " " + path);
        }
      }
    assertThat(routes)
        .contains("POST /api/v1/sessions", "GET /ws/sessions/{id}", "GET /api/v1/query/ws")
        .hasSizeGreaterThan(16);
  }

  private static List<RequestMappingInfo> mappings() {
    return server.bean(RequestMappingHandlerMapping.class).getHandlerMethods().keySet().stream()
        .toList();
  }

  @Test
  void loginRoutesValidateTheirBodyAndOtherMethodsRequireAKey() {
    for (var route : LOGIN_ROUTES) {
      var path = route.split(" ")[1];
      var empty =
          server.send(
              anonymousRequest(path)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{}")));
      assertThat(empty.statusCode()).as(route).isEqualTo(400);
      assertUnauthorized(server.send(anonymousRequest(path).GET()), "another method on " + path);
    }
  }

  @Test
  void challengeNamesTheKeysError() {
    var none = server.send(anonymousRequest("/api/v1/sessions").GET());
    assertThat(none.headers().firstValue("WWW-Authenticate"))
        .hasValue("Bearer realm=\"agentledger\"");
    var wrong =
        server.send(anonymousRequest("/api/v1/sessions").header("X-API-Key", "alk_wrong").GET());
    assertThat(wrong.headers().firstValue("WWW-Authenticate"))
        .hasValue("Bearer realm=\"agentledger\", error=\"invalid_token\"");
  }

  @Test
  void anonymousClientCannotProbeForMissingRoutes() {
    assertUnauthorized(server.send(anonymousRequest("/api/v1/nothing").GET()), "an unknown route");
    assertUnauthorized(server.send(anonymousRequest("/actuator/env").GET()), "an endpoint");
  }

  @Test
  void publicRoutesAnswerWithoutAKey() {
    assertThat(server.send(anonymousRequest("/v3/api-docs").GET()).statusCode()).isEqualTo(200);
  }

  @Test
  void wrongKeyIsRejectedInBothHeaders() {
    assertUnauthorized(
        server.send(
            anonymousRequest("/api/v1/sessions").header("Authorization", "Bearer wrong").GET()),
        "bearer");
    assertUnauthorized(
        server.send(anonymousRequest("/api/v1/sessions").header("X-API-Key", "wrong").GET()),
        "api key");
    assertUnauthorized(
        server.send(
            anonymousRequest("/api/v1/sessions").header("Authorization", "Basic YTpi").GET()),
        "basic");
    assertUnauthorized(
        server.send(anonymousRequest("/api/v1/sessions?access_token=" + ScriptedBackend.KEY).GET()),
        "url");
  }

  @Test
  void bothHeadersAreAccepted() {
    var bearer =
        anonymousRequest("/api/v1/sessions")
            .header("Authorization", "bearer " + ScriptedBackend.KEY);
    assertThat(server.send(bearer.GET()).statusCode()).isNotEqualTo(401);
    var key = anonymousRequest("/api/v1/sessions").header("X-API-Key", ScriptedBackend.KEY);
    assertThat(server.send(key.GET()).statusCode()).isNotEqualTo(401);
  }

  @Test
  void twoDifferentKeysAreABadRequest() {
    var response =
        server.send(
            anonymousRequest("/api/v1/sessions")
                .header("Authorization", "Bearer " + ScriptedBackend.KEY)
                .header("X-API-Key", "another")
                .GET());
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("X-API-Key").doesNotContain("another");
  }

  @Test
  void callerIsBoundToEveryCommandWithItsRequestId() {
    var response =
        server.send(
            server
                .request("/api/v1/sessions")
                .header("Content-Type", "application/json")
                .header("X-Request-ID", "my-request.1")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("X-Request-ID")).hasValue("my-request.1");
    var provenance = server.backend().lastProvenance;
    assertThat(provenance.withoutSource())
        .isEqualTo(ScriptedBackend.OWNER.provenance("my-request.1"));
    assertThat(provenance.source().ip()).isEqualTo("127.0.0.1");
    assertThat(provenance.source().userAgent()).startsWith("Java-http-client/");
  }

  @Test
  void invalidRequestIdIsReplaced() {
    var id =
        server
            .send(server.request("/api/v1/status").header("X-Request-ID", "a b").GET())
            .headers()
            .firstValue("X-Request-ID");
    assertThat(id).hasValueSatisfying(value -> assertThat(value).startsWith("req_"));
  }

  @Test
  void traceIdBecomesTheRequestId() {
    var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    var response =
        server.send(
            server
                .request("/api/v1/status")
                .header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")
                .GET());
    assertThat(response.headers().firstValue("X-Request-ID")).hasValue(trace);
  }

  @Test
  void responsesHaveTheSecurityHeaders() {
    var headers = server.get("/api/v1/status").headers();
    assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
    assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(headers.firstValue("Content-Security-Policy")).isPresent();
    assertThat(headers.firstValue("Cache-Control"))
        .hasValueSatisfying(value -> assertThat(value).contains("no-store"));
    assertThat(headers.firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void loopbackServesLoopbackHostNamesOnly() throws IOException {
    assertThat(statusWithHost("127.0.0.1:" + server.port(), "")).contains(" 200 ");
    assertThat(statusWithHost("localhost", "")).contains(" 200 ");
    assertThat(statusWithHost("[::1]:80", "")).contains(" 200 ");
    assertThat(statusWithHost("evil.example", "")).contains(" 421 ");
    assertThat(statusWithHost("127.0.0.1.evil.example", "")).contains(" 421 ");
    assertThat(statusWithHost("localhost", "Origin: http://evil.example\r\n")).contains(" 403 ");
    assertThat(statusWithHost("localhost", "Origin: http://localhost:3000\r\n")).contains(" 403 ");
    assertThat(statusWithHost("localhost", "Origin: http://localhost\r\n")).contains(" 200 ");
  }

  /** Sends a raw request, because Java's client sets Host itself. */
  private static String statusWithHost(String host, String more) throws IOException {
    try (var socket = new Socket("127.0.0.1", server.port())) {
      var request =
          "GET /v3/api-docs HTTP/1.1\r\nHost: "
              + host
              + "\r\n"
              + more
              + "Connection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var answer = socket.getInputStream().readNBytes(64);
      return new String(answer, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
    }
  }
}
