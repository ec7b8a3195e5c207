package io.agentledger.client.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BenchRequestTest {
  private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/echo", this::echo);
    server.createContext("/refused", exchange -> answer(exchange, 409, "in use"));
    server.createContext("/moved", exchange -> answer(exchange, 302, "elsewhere"));
    server.createContext("/silent", this::waitForTheEnd);
    server.start();
  }

  @AfterEach
  void stop() {
    ended.countDown();
    server.stop(0);
  }

  private void echo(HttpExchange exchange) throws IOException {
    clients.add(exchange.getRemoteAddress());
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    answer(exchange, 200, exchange.getRequestMethod() + " " + authorization + " " + body);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void waitForTheEnd(HttpExchange exchange) {
    try {
      ended.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private BenchRequest request(String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    return BenchRequest.get(uri, "Bearer a");
  }

  @Test
  void requestsAreSentOverOneConnection() throws IOException {
    assertThat(request("/echo").send()).isEqualTo("GET Bearer a ");
    assertThat(request("/echo").post("{}").send()).isEqualTo("POST Bearer a {}");
    assertThat(request("/echo").put("{\"ä\":1}").withAuthorization("Bearer b").send())
        .isEqualTo("PUT Bearer b {\"ä\":1}");
    assertThat(request("/echo").isAnswered()).isTrue();
    assertThat(clients).hasSize(1);
  }

  @Test
  void refusalHasTheStatusAndTheBody() {
    assertThatThrownBy(() -> request("/refused").send())
        .isInstanceOf(ServiceUnavailableException.class)
        .hasMessage("/refused: 409 in use");
    assertThat(request("/refused").isAnswered()).isFalse();
    assertThat(request("/moved").isAnswered()).isFalse();
  }

  @Test
  void serviceThatDoesNotAnswerIsNotWaitedFor() {
    assertThat(request("/silent").withTimeout(Duration.ofMillis(100)).isAnswered()).isFalse();
  }
}
