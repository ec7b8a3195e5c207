package io.agentledger.gateway.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An external MCP server that counts its calls: it requires a bearer token, and answers calls of
 * its one tool when the test releases them.
 */
final class RemoteMcpServer implements AutoCloseable {
  static final String BEARER = "a-very-secret-bearer-of-this-test";
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  RemoteMcpServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/mcp", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/mcp";
  }

  /** Delays calls from now on. */
  void holdCalls() {
    gate = new CountDownLatch(1);
  }

  void releaseCalls() {
    gate.countDown();
  }

  int callCount() {
    return calls.get();
  }

  /** Returns the number of requests without the token. */
  int unauthorizedCount() {
    return refused.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!("Bearer " + BEARER).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        refused.incrementAndGet();
        exchange.sendResponseHeaders(401, -1);
      } else if (exchange.getRequestMethod().equals("POST")) {
        post(exchange, JSON.readTree(exchange.getRequestBody().readAllBytes()));
      } else {
        exchange.sendResponseHeaders(405, -1);
      }
    }
  }

  private void post(HttpExchange exchange, JsonNode message) throws IOException {
    if (!message.has("id")) {
      exchange.sendResponseHeaders(202, -1);
      return;
    }
    var result =
        switch (message.path("method").asString("")) {
          case "initialize" ->
              Map.of(
                  "protocolVersion", "2025-06-18",
                  "capabilities", Map.of("tools", Map.of()),
                  "serverInfo", Map.of("name", "remote", "version", "1"));
          case "tools/list" ->
              Map.of(
                  "tools",
                  List.of(
                      Map.of(
                          "name",
                          "charge",
                          "description",
                          "Charges a card.",
                          "inputSchema",
                          Map.of("type", "object"))));
          case "tools/call" -> chargeTool();
          default -> Map.of();
        };
    var body =
        JSON.writeValueAsString(
            Map.of("jsonrpc", "2.0", "id", message.path("id"), "result", result));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private Map<String, Object> chargeTool() {
    int number = calls.incrementAndGet();
    try {
      if (!gate.await(2, TimeUnit.MINUTES)) throw new IllegalStateException("never let go");
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
    }
    return Map.of("content", List.of(Map.of("type", "text", "text", "charge number " + number)));
  }

  @Override
  public void close() {
    releaseCalls();
    server.stop(0);
  }
}
