package io.agentledger.command.subscription;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** HTTP server that records requests and responds as a test says. Thread-safe. */
final class WebhookReceiver implements AutoCloseable {
  private final HttpServer server;
  private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile int status = 200;
  private volatile boolean hanging;
  private volatile @Nullable String location;

  /** Request as it arrived. */
  record ReceivedRequest(Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(header -> header.getKey().equalsIgnoreCase(name))
          .map(header -> header.getValue().getFirst())
          .findFirst()
          .orElseThrow(() -> new AssertionError("no header " + name));
    }
  }

  WebhookReceiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    connections.incrementAndGet();
    if (hanging) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      requests.add(new ReceivedRequest(Map.copyOf(exchange.getRequestHeaders()), body));
      var target = location;
      if (target != null) exchange.getResponseHeaders().add("Location", target);
      exchange.sendResponseHeaders(target != null ? 307 : statuses.getOrDefault(body, status), -1);
    }
  }

  void reset() {
    requests.clear();
    statuses.clear();
    connections.set(0);
    status = 200;
    hanging = false;
    location = null;
  }

  /** Responds to requests with a body with a status. */
  void respond(String body, int newStatus) {
    statuses.put(body, newStatus);
  }

  void respondToAll(int newStatus) {
    status = newStatus;
  }

  void redirect(String to) {
    location = to;
  }

  /** Accepts requests without a response until the receiver is closed. */
  void hang() {
    hanging = true;
  }

  int connections() {
    return connections.get();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/hooks";
  }

  List<ReceivedRequest> requests() {
    return List.copyOf(requests);
  }

  List<String> bodies() {
    return requests.stream().map(ReceivedRequest::body).toList();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
