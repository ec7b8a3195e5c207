package io.agentledger.gateway.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Receiver of the events of subscriptions, with one path for each. Thread-safe. */
final class EventReceiver implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int ACCEPTED = 204;

  private final HttpServer server;
  private final Map<String, List<ReceivedEvent>> events = new ConcurrentHashMap<>();
  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();

  /**
   * Request that arrived.
   *
   * @param headers names in lower case
   */
  record ReceivedEvent(Instant at, Map<String, String> headers, String body) {
    JsonNode json() {
      return JSON.readTree(body);
    }

    boolean hasType(String type) {
      return json().path("type").asString().equals(type);
    }
  }

  EventReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath().substring(1);
      var headers = new HashMap<String, String>();
      exchange
          .getRequestHeaders()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      events
          .computeIfAbsent(path, key -> new CopyOnWriteArrayList<>())
          .add(new ReceivedEvent(Instant.now(), headers, body));
      var hold = held.get(path);
      if (hold != null) hold.await();
      exchange.sendResponseHeaders(statuses.getOrDefault(path, ACCEPTED), -1);
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + "/" + path;
  }

  void respond(String path, int status) {
    statuses.put(path, status);
  }

  /** Lets the requests of a path wait. */
  void hold(String path) {
    held.put(path, new CountDownLatch(1));
  }

  /** Lets the requests of a path go on. */
  void release(String path) {
    var hold = held.remove(path);
    if (hold != null) hold.countDown();
  }

  List<ReceivedEvent> events(String path) {
    return List.copyOf(events.getOrDefault(path, List.of()));
  }

  @Override
  public void close() {
    held.keySet().forEach(this::release);
    server.stop(0);
  }
}
