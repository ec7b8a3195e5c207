package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.agentledger.gateway.ApiTestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** One line for each request, with ids and without content. */
class RequestLoggerIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("io.agentledger.requests");
  private static final List<ILoggingEvent> LINES = new CopyOnWriteArrayList<>();
  private static final AppenderBase<ILoggingEvent> APPENDER =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
          LINES.add(line);
        }
      };

  private static ApiTestServer server;

  @BeforeAll
  static void open() {
    server = ApiTestServer.sharedService();
    APPENDER.start();
    LOGGER.addAppender(APPENDER);
  }

  @AfterAll
  static void close() {
    LOGGER.detachAppender(APPENDER);
  }

  /** Sends a request and returns the fields of its only line. */
  private static Map<String, String> logged(HttpRequest.Builder request, String requestId) {
    server.send(request.header("X-Request-ID", requestId));
    await().atMost(TIMEOUT).until(() -> !linesOf(requestId).isEmpty());
    assertThat(linesOf(requestId)).hasSize(1);
    return linesOf(requestId).getFirst();
  }

  private static List<Map<String, String>> linesOf(String requestId) {
    return LINES.stream()
        .map(
            line ->
                line.getKeyValuePairs().stream()
                    .collect(Collectors.toMap(pair -> pair.key, pair -> "" + pair.value)))
        .filter(fields -> requestId.equals(fields.get("requestId")))
        .toList();
  }

  @Test
  void requestIsLoggedWithItsRouteAndIds() {
    var session = server.openSession();
    var line = logged(server.request("/api/v1/sessions/" + session + "?").GET(), "req_log_1");
    assertThat(line)
        .containsEntry("method", "GET")
        .containsEntry("route", "/api/v1/sessions/{id}")
        .containsEntry("status", "200")
        .containsEntry("path.id", session.value())
        .containsKeys("durationMs", "tenantId")
        .hasEntrySatisfying("actor", actor -> assertThat(actor).startsWith("user:usr_"));
  }

  @Test
  void streamIsLoggedAtItsEnd() {
    var session = server.openSession();
    var line =
        logged(
            server
                .request("/api/v1/sessions/" + session + "/query")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"prompt\": \"scenario: text secret\"}")),
            "req_log_2");
    assertThat(line).containsEntry("status", "200").containsEntry("method", "POST");
    assertThat(line.toString()).doesNotContain("secret");
  }

  @Test
  void deniedRequestIsLoggedWithoutValuesOfTheClient() {
    var path = "/api/v1/sessions/secret-path?token=secret";
    var line = logged(HttpRequest.newBuilder(server.uri(path)).GET(), "req_log_3");
    assertThat(line).containsEntry("status", "401").doesNotContainKey("actor");
    var unknown = logged(server.request("/api/v1/secret/secret?secret=secret").GET(), "req_log_4");
    assertThat(unknown).containsEntry("status", "404");
    assertThat(line.toString() + unknown).doesNotContain("secret");
  }
}
