package io.agentledger.command.channel.platform;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Stand-in of a platform's API, whose responses a test defines. */
public final class PlatformServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Received request. */
  public record Received(
      String method, String path, String query, Map<String, String> headers, byte[] body) {
    public JsonNode json() {
      return JSON.readTree(body);
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public FormParameters form() {
      return FormParameters.parse(text());
    }

    /** Returns the value of a header, whose name is in lower case. */
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** Response to send. */
  public record Reply(int status, Map<String, String> headers, byte[] body) {}

  public final ConcurrentLinkedDeque<Received> requests = new ConcurrentLinkedDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Function<Received, Optional<Reply>> behaviour = request -> json(200, "{}");

  public PlatformServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::respond);
    server.start();
  }

  /** Defines the responses; empty: none is sent until the server is closed. */
  public void respondBy(Function<Received, Optional<Reply>> next) {
    behaviour = next;
  }

  public void respond(int status, String body) {
    behaviour = request -> json(status, body);
  }

  public static Optional<Reply> json(int status, String body) {
    return Optional.of(
        new Reply(
            status,
            Map.of("Content-Type", "application/json"),
            body.getBytes(StandardCharsets.UTF_8)));
  }

  public static Optional<Reply> bytes(byte[] body) {
    return Optional.of(new Reply(200, Map.of(), body));
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  private void respond(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = new java.util.HashMap<String, String>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(), values.getFirst()));
      var uri = exchange.getRequestURI();
      var received =
          new Received(
              exchange.getRequestMethod(),
              uri.getPath(),
              uri.getRawQuery() == null ? "" : uri.getRawQuery(),
              headers,
              exchange.getRequestBody().readAllBytes());
      requests.add(received);
      var reply = behaviour.apply(received);
      if (reply.isEmpty()) {
        closed.await();
        return;
      }
      reply.get().headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(
          reply.get().status(), reply.get().body().length == 0 ? -1 : reply.get().body().length);
      exchange.getResponseBody().write(reply.get().body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
