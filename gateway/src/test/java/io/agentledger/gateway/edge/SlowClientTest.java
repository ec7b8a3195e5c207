package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.support.edge.ConnectionLimitHandler;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections of clients that are too slow are closed; legitimate slow clients are served. */
class SlowClientTest {
  private static final int HEADERS_MILLIS = 1_000;
  private static final int BODY_MILLIS = 1_500;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server =
        ApiTestServer.open(
            home,
            "--agentledger.edge.header-timeout=" + HEADERS_MILLIS + "ms",
            "--agentledger.edge.body-timeout=" + BODY_MILLIS + "ms",
            "--agentledger.edge.response-timeout=1s");
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static String head(String line) {
    return line + " HTTP/1.1\r\nHost: localhost\r\nX-API-Key: " + server.key() + "\r\n";
  }

  private static void assertTooSlow(RawHttp raw) throws IOException {
    var answer = raw.answer().orElseThrow();
    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("request_timeout");
    assertThat(raw.isClosedWithin(5_000)).isTrue();
  }

  @Test
  void silentConnectionIsClosed() throws IOException {
    try (var raw = new RawHttp(server.port())) {
      assertTooSlow(raw);
    }
  }

  @Test
  void slowHeadersTimeOut() throws Exception {
    try (var raw = new RawHttp(server.port())) {
      raw.send(head("GET /api/v1/status"));
      var drip = Thread.ofVirtual().start(() -> drip(raw, "X-A: b\r\n"));
      assertTooSlow(raw);
      drip.interrupt();
      drip.join();
    }
  }

  @Test
  void slowHeadersAfterAResponseTimeOut() throws Exception {
    try (var raw = new RawHttp(server.port())) {
      raw.send(head("GET /api/v1/status") + "\r\n");
      assertThat(raw.answer().orElseThrow().status()).isEqualTo(200);
      var drip = Thread.ofVirtual().start(() -> drip(raw, "G"));
      assertTooSlow(raw);
      drip.interrupt();
      drip.join();
    }
  }

  @Test
  void slowBodyTimesOut() throws Exception {
    try (var raw = new RawHttp(server.port())) {
      raw.send(
          head("POST /api/v1/sessions")
              + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{");
      var drip = Thread.ofVirtual().start(() -> drip(raw, " "));
      assertTooSlow(raw);
      drip.interrupt();
      drip.join();
    }
  }

  private static void drip(RawHttp raw, String drop) {
    try {
      while (!Thread.interrupted()) {
        raw.send(drop);
        Thread.sleep(50);
      }
    } catch (IOException | InterruptedException exception) {
      // The test has its result.
    }
  }

  @Test
  void idleKeepAliveAndLongStreamsAreAllowed() throws IOException {
    var session = server.openSession();
    try (var resting = new RawHttp(server.port());
        var stream = new RawHttp(server.port())) {
      resting.send(head("GET /api/v1/status") + "\r\n");
      assertThat(resting.answer().orElseThrow().status()).isEqualTo(200);
      stream.send(head("GET /api/v1/sessions/" + session + "/events") + "\r\n");
      int longer = HEADERS_MILLIS + BODY_MILLIS + 1_000;
      assertThat(stream.isClosedWithin(longer)).isFalse();
      resting.send(head("GET /api/v1/status") + "\r\n");
      assertThat(resting.answer().orElseThrow().status()).isEqualTo(200);
    }
  }

  @Test
  void pipelinedRequestsAreBounded() throws IOException {
    var session = server.openSession();
    try (var raw = new RawHttp(server.port())) {
      raw.send(head("GET /api/v1/sessions/" + session + "/events") + "\r\n");
      var next =
          head("POST /api/v1/sessions")
              + "Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n";
      raw.send(next);
      for (int i = 0; i < 2_000 && !raw.isClosedWithin(1); i++) raw.send(new byte[1_024]);
      assertThat(raw.isClosedWithin(5_000)).isTrue();
    }
  }

  @Test
  void connectionThatReadsNoResponseIsClosed() throws IOException {
    var connectionLimitHandler = server.bean(ConnectionLimitHandler.class);
    int before = connectionLimitHandler.openConnectionCount();
    try (var socket = new Socket()) {
      socket.setReceiveBufferSize(1_024);
      socket.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()));
      var request = "GET /swagger-ui/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.repeat(20).getBytes());
      await().atMost(TIMEOUT).until(() -> connectionLimitHandler.openConnectionCount() <= before);
    }
  }

  @Test
  void rsocketConnectionsTimeOutToo() throws IOException {
    try (var raw = new RawHttp(server.rsocketPort())) {
      raw.send(new byte[] {0, 0, 100, 0});
      assertThat(raw.isClosedWithin(10_000)).isTrue();
    }
  }
}
