package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.quota.RateLimitDecision;
import io.agentledger.api.quota.RateLimitDecision.Limit;
import io.agentledger.api.quota.RateLimitDecision.Refusal;
import io.agentledger.gateway.support.edge.CookieCsrfFilter;
import io.agentledger.scripted.ApiOnlyApplication;
import io.agentledger.scripted.ScriptedBackend;
import io.netty.buffer.Unpooled;
import io.rsocket.exceptions.ApplicationErrorException;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.util.ByteBufPayload;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every call is counted, and every response contains the remaining allowance. */
class RateLimitTest {
  private static final Limit MINUTE =
      new Limit("minute", 60, Duration.ofMinutes(1), 12, Duration.ofMillis(47_100));
  private static final Limit HOUR =
      new Limit("hour", 1000, Duration.ofHours(1), 0, Duration.ofHours(1));
  private static final RateLimitDecision LEFT =
      new RateLimitDecision(List.of(MINUTE, HOUR), Optional.empty());
  private static final RateLimitDecision NONE =
      new RateLimitDecision(
          List.of(MINUTE, HOUR), Optional.of(new Refusal(HOUR, Duration.ofMillis(3_200))));
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @AfterEach
  void allowAll() {
    server.backend().rateLimitDecision = RateLimitDecision.UNLIMITED;
    server.backend().anonymousAllowed = true;
    server.backend().exhaustedAddress = "";
  }

  @Test
  void everyResponseHasTheRemainingCalls() {
    server.backend().rateLimitDecision = LEFT;
    for (var path : List.of("/api/v1/status", "/api/v1/nothing-here")) {
      var headers = server.get(path).headers();
      assertThat(headers.firstValue("RateLimit-Policy"))
          .hasValue("\"minute\";q=60;w=60, \"hour\";q=1000;w=3600");
      assertThat(headers.firstValue("RateLimit"))
          .hasValue("\"minute\";r=12;t=48, \"hour\";r=0;t=3600");
    }
  }

  @Test
  void excessiveCallIsRejectedNamingItsLimit() {
    server.backend().rateLimitDecision = NONE;
    var refused = server.post("/api/v1/sessions", "{}");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("4");
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(refused.headers().firstValue("RateLimit")).isPresent();
    var problem = ApiTestServer.json(refused);
    assertThat(problem.path("code").asString()).isEqualTo("limit_reached");
    assertThat(problem.path("details").path("limit").asString()).isEqualTo("calls_per_hour");
    assertThat(problem.path("details").path("max").asInt()).isEqualTo(1000);
  }

  @Test
  void anonymousClientsAreLimited() {
    server.backend().anonymousAllowed = false;
    var outsider = server.send(HttpRequest.newBuilder(server.uri("/api/v1/status")).GET());
    assertThat(outsider.statusCode()).isEqualTo(429);
    assertThat(ApiTestServer.json(outsider).path("details").path("limit").asString())
        .isEqualTo("anonymous_requests_per_minute");
    assertThat(ApiTestServer.json(outsider).path("detail").asString())
        .isEqualTo("The limit anonymous_requests_per_minute of 60 is reached.");
    assertThat(server.get("/api/v1/status").statusCode()).isEqualTo(200);
    assertThat(
            server
                .send(HttpRequest.newBuilder(server.uri("/actuator/health/liveness")).GET())
                .statusCode())
        .isNotEqualTo(429);
  }

  /** Public routes ignore the credential; other routes reject it. */
  @ParameterizedTest
  @ValueSource(strings = {"Cookie: theme=dark", "Cookie: " + CookieCsrfFilter.PLAIN_COOKIE + "=x"})
  void unknownCredentialCountsAsAnonymous(String junk) {
    server.backend().anonymousAllowed = false;
    var header = junk.split(": ", 2);
    var login =
        HttpRequest.newBuilder(server.uri("/api/v1/auth/login"))
            .header(header[0], header[1])
            .header("Origin", "http://127.0.0.1:" + server.port())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    var page = HttpRequest.newBuilder(server.uri("/v3/api-docs")).header(header[0], header[1]);
    for (var request : List.of(login, page)) {
      var refused = server.send(request);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(ApiTestServer.json(refused).path("details").path("limit").asString())
          .isEqualTo("anonymous_requests_per_minute");
    }
  }

  @Test
  void anonymousCallIsCountedOnceAndOnlyForItsAddress() {
    server.backend().anonymousCalls.reset();
    server.send(HttpRequest.newBuilder(server.uri("/v3/api-docs")));
    assertThat(server.backend().anonymousCalls.sum()).isOne();
    server.send(HttpRequest.newBuilder(server.uri("/v3/api-docs")).header("Cookie", "theme=dark"));
    assertThat(server.backend().anonymousCalls.sum()).isEqualTo(2);
    server.get("/api/v1/status");
    assertThat(server.backend().anonymousCalls.sum()).isEqualTo(2);
  }

  private static int sendWebhook(String provider, String body) {
    return server
        .send(
            HttpRequest.newBuilder(server.uri("/webhooks/" + provider))
                .POST(BodyPublishers.ofString(body)))
        .statusCode();
  }

  /** Many tenants of a provider send from the same addresses. */
  @Test
  void validWebhookIsReceivedFromAnAddressWithoutAllowance() {
    var provider = ApiOnlyApplication.WEBHOOKS.provider();
    assertThat(sendWebhook("unknown", "x")).isEqualTo(401);
    server.backend().exhaustedAddress = "127.0.0.1";
    assertThat(sendWebhook("unknown", "x")).isEqualTo(429);
    assertThat(sendWebhook(provider, "x")).isEqualTo(429);
    assertThat(sendWebhook(provider, ApiOnlyApplication.WEBHOOK)).isEqualTo(202);
    server.backend().exhaustedAddress = "127.0.0.1 " + ApiOnlyApplication.WEBHOOKS;
    assertThat(sendWebhook(provider, "x")).isEqualTo(429);
    assertThat(sendWebhook(provider, ApiOnlyApplication.WEBHOOK)).isEqualTo(429);
    assertThat(sendWebhook("unknown", "x")).isEqualTo(401);
  }

  @Test
  void rsocketRequestIsACall() {
    server.backend().rateLimitDecision = NONE;
    var socket =
        RSocketTest.connect(
            TcpClientTransport.create("127.0.0.1", server.rsocketPort()),
            ByteBufPayload.create(Unpooled.EMPTY_BUFFER, RSocketTest.auth(ScriptedBackend.KEY)));
    var failure =
        socket
            .requestResponse(RSocketTest.call("sessions.open", "{}"))
            .map(RSocketTest::json)
            .map(Object::toString)
            .onErrorResume(
                ApplicationErrorException.class,
                exception ->
                    reactor.core.publisher.Mono.just(String.valueOf(exception.getMessage())))
            .block(Duration.ofSeconds(20));
    assertThat(failure).contains("calls_per_hour").contains("\"status\":429");
    socket.dispose();
  }

  @Test
  void conversationMessageIsACallAndItsRejectionAMessage() {
    var session = server.openSession();
    var received = new StringBuffer();
    var socket =
        server
            .client()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + ScriptedBackend.KEY)
            .buildAsync(
                URI.create("ws://127.0.0.1:" + server.port() + "/ws/sessions/" + session),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket from, CharSequence data, boolean last) {
                    received.append(data);
                    from.request(1);
                    return null;
                  }
                })
            .join();
    server.backend().rateLimitDecision = NONE;
    socket.sendText("{\"type\": \"prompt\", \"prompt\": \"hi\", \"ref\": \"one\"}", true).join();
    await().until(() -> received.toString().contains("\"ref\":\"one\""));
    assertThat(received.toString()).contains("limit_reached");
    server.backend().rateLimitDecision = LEFT;
    socket.sendText("{\"type\": \"ping\", \"ref\": \"two\"}", true).join();
    await().until(() -> received.toString().contains("pong"));
    socket.abort();
  }
}
