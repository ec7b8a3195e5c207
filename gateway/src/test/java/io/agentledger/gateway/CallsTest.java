package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.quota.RateLimitDecision;
import io.agentledger.api.quota.RateLimitDecision.Limit;
import io.agentledger.api.quota.RateLimitDecision.Refusal;
import io.agentledger.gateway.support.edge.CookieCsrfFilter;
import io.agentledger.scripted.ScriptedSides;
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

/** Every call is counted, and every answer says what is left. */
class CallsTest {
  private static final Limit MINUTE =
      new Limit("minute", 60, Duration.ofMinutes(1), 12, Duration.ofMillis(47_100));
  private static final Limit HOUR =
      new Limit("hour", 1000, Duration.ofHours(1), 0, Duration.ofHours(1));
  private static final RateLimitDecision LEFT =
      new RateLimitDecision(List.of(MINUTE, HOUR), Optional.empty());
  private static final RateLimitDecision NONE =
      new RateLimitDecision(
          List.of(MINUTE, HOUR), Optional.of(new Refusal(HOUR, Duration.ofMillis(3_200))));
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) {
    doors = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  @AfterEach
  void allowAll() {
    doors.sides().rateLimitDecision = RateLimitDecision.UNCOUNTED;
    doors.sides().strangersMayCall = true;
  }

  @Test
  void everyAnswerSaysWhatIsLeft() {
    doors.sides().rateLimitDecision = LEFT;
    for (var path : List.of("/api/v1/status", "/api/v1/nothing-here")) {
      var headers = doors.get(path).headers();
      assertThat(headers.firstValue("RateLimit-Policy"))
          .hasValue("\"minute\";q=60;w=60, \"hour\";q=1000;w=3600");
      assertThat(headers.firstValue("RateLimit"))
          .hasValue("\"minute\";r=12;t=48, \"hour\";r=0;t=3600");
    }
  }

  @Test
  void aCallTooManyIsRefusedWithItsLimitNamed() {
    doors.sides().rateLimitDecision = NONE;
    var refused = doors.post("/api/v1/sessions", "{}");
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
  void strangersAreRefusedToo() {
    doors.sides().strangersMayCall = false;
    var stranger = doors.send(HttpRequest.newBuilder(doors.uri("/api/v1/status")).GET());
    assertThat(stranger.statusCode()).isEqualTo(429);
    assertThat(ApiTestServer.json(stranger).path("details").path("limit").asString())
        .isEqualTo("calls_of_strangers");
    assertThat(doors.get("/api/v1/status").statusCode()).isEqualTo(200);
    assertThat(
            doors
                .send(HttpRequest.newBuilder(doors.uri("/actuator/health/liveness")).GET())
                .statusCode())
        .isNotEqualTo(429);
  }

  /** Routes that are open to all do not ask for it; elsewhere it is refused where it is checked. */
  @ParameterizedTest
  @ValueSource(strings = {"Cookie: theme=dark", "Cookie: " + CookieCsrfFilter.PLAIN_COOKIE + "=x"})
  void whoBringsWhatMeansNothingIsAStranger(String junk) {
    doors.sides().strangersMayCall = false;
    var header = junk.split(": ", 2);
    var login =
        HttpRequest.newBuilder(doors.uri("/api/v1/auth/login"))
            .header(header[0], header[1])
            .header("Origin", "http://127.0.0.1:" + doors.port())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}"));
    var page = HttpRequest.newBuilder(doors.uri("/v3/api-docs")).header(header[0], header[1]);
    for (var request : List.of(login, page)) {
      var refused = doors.send(request);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(ApiTestServer.json(refused).path("details").path("limit").asString())
          .isEqualTo("calls_of_strangers");
    }
  }

  @Test
  void aStrangersCallIsCountedOnceAndNobodyElsesAtAll() {
    doors.sides().strangersCalls.reset();
    doors.send(HttpRequest.newBuilder(doors.uri("/v3/api-docs")));
    assertThat(doors.sides().strangersCalls.sum()).isOne();
    doors.send(HttpRequest.newBuilder(doors.uri("/v3/api-docs")).header("Cookie", "theme=dark"));
    assertThat(doors.sides().strangersCalls.sum()).isEqualTo(2);
    doors.get("/api/v1/status");
    assertThat(doors.sides().strangersCalls.sum()).isEqualTo(2);
  }

  @Test
  void aRequestOnRSocketIsACall() {
    doors.sides().rateLimitDecision = NONE;
    var socket =
        RSocketTest.connect(
            TcpClientTransport.create("127.0.0.1", doors.rsocketPort()),
            ByteBufPayload.create(Unpooled.EMPTY_BUFFER, RSocketTest.auth(ScriptedSides.KEY)));
    var failure =
        socket
            .requestResponse(RSocketTest.call("sessions.open", "{}"))
            .map(RSocketTest::json)
            .map(Object::toString)
            .onErrorResume(
                ApplicationErrorException.class,
                refused -> reactor.core.publisher.Mono.just(String.valueOf(refused.getMessage())))
            .block(Duration.ofSeconds(20));
    assertThat(failure).contains("calls_per_hour").contains("\"status\":429");
    socket.dispose();
  }

  @Test
  void aWordInAConversationIsACallAndItsRefusalAnAnswer() {
    var session = doors.openSession();
    var heard = new StringBuffer();
    var socket =
        doors
            .client()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + ScriptedSides.KEY)
            .buildAsync(
                URI.create("ws://127.0.0.1:" + doors.port() + "/ws/sessions/" + session),
                new WebSocket.Listener() {
                  @Override
                  public CompletionStage<?> onText(
                      WebSocket from, CharSequence data, boolean last) {
                    heard.append(data);
                    from.request(1);
                    return null;
                  }
                })
            .join();
    doors.sides().rateLimitDecision = NONE;
    socket.sendText("{\"type\": \"prompt\", \"prompt\": \"hi\", \"ref\": \"one\"}", true).join();
    await().until(() -> heard.toString().contains("\"ref\":\"one\""));
    assertThat(heard.toString()).contains("limit_reached");
    doors.sides().rateLimitDecision = LEFT;
    socket.sendText("{\"type\": \"ping\", \"ref\": \"two\"}", true).join();
    await().until(() -> heard.toString().contains("pong"));
    socket.abort();
  }
}
