package io.agentledger.command.mcp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stand-in for a server that requires an OAuth token and for its token endpoint: each renewal
 * returns another token and another refresh token, and makes the previous ones invalid.
 */
public final class TokenTestSupport implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final AtomicInteger number = new AtomicInteger();
  private final List<Renewal> renewals = new CopyOnWriteArrayList<>();
  private final List<String> turnedAway = new CopyOnWriteArrayList<>();
  private final Map<String, BlockingQueue<String>> streams = new ConcurrentHashMap<>();
  private volatile String refusal = "";
  private volatile boolean isShut;

  /** Request to the token endpoint. */
  public record Renewal(String authorization, Map<String, String> fields) {}

  public TokenTestSupport() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (IOException unavailable) {
      throw new UncheckedIOException(unavailable);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/mcp", this::answer);
    server.createContext("/mcp/sse", this::stream);
    server.createContext("/mcp/messages", this::message);
    server.createContext("/token", this::renew);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port() + "/mcp";
  }

  /** Returns the URL of the same server over SSE. */
  public String sseUrl() {
    return url() + "/sse";
  }

  public String tokenEndpoint() {
    return "http://127.0.0.1:" + port() + "/token";
  }

  /** Resets the initial state. */
  public void reset() {
    number.set(0);
    renewals.clear();
    turnedAway.clear();
    refusal = "";
    isShut = false;
  }

  /** Returns the only valid token. */
  public String token() {
    return "token-" + number.get();
  }

  public String refreshToken() {
    return "refresh-" + number.get();
  }

  /** Replaces the tokens: those that were issued before become invalid. */
  public void clearTokens() {
    number.incrementAndGet();
  }

  /** Sets the OAuth error of all further renewals; empty for none. */
  public void refuse(String error) {
    refusal = error;
  }

  /** Rejects every token from now on. */
  public void rejectTokens() {
    isShut = true;
  }

  /** Returns method and path of the requests that were answered with 401. */
  public List<String> rejectedTokens() {
    return turnedAway;
  }

  public List<Renewal> renewals() {
    return renewals;
  }

  private synchronized void renew(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var fields =
        Pattern.compile("&")
            .splitAsStream(body)
            .map(field -> field.split("=", 2))
            .collect(Collectors.toMap(field -> field[0], field -> decoded(field[1])));
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    renewals.add(new Renewal(authorization == null ? "" : authorization, fields));
    boolean isKnown = refreshToken().equals(fields.get("refresh_token"));
    if (!refusal.isEmpty() || !isKnown) {
      var error = refusal.isEmpty() ? "invalid_grant" : refusal;
      respond(exchange, 400, Map.of("error", error, "error_description", "s3cret words"));
      return;
    }
    number.incrementAndGet();
    respond(
        exchange,
        200,
        Map.of(
            "access_token",
            token(),
            "token_type",
            "Bearer",
            "expires_in",
            3600,
            "refresh_token",
            refreshToken()));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var request = exchange.getRequestBody().readAllBytes();
    if (!exchange.getRequestMethod().equals("POST")) {
      respond(exchange, 405, Map.of());
    } else if (isKnown(exchange)) {
      var message = JSON.readTree(request);
      if (message.has("id")) respond(exchange, 200, reply(message));
      else respond(exchange, 202, Map.of());
    }
  }

  private boolean isKnown(HttpExchange exchange) throws IOException {
    var authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (!isShut && ("Bearer " + token()).equals(authorization)) return true;
    turnedAway.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
    exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    respond(exchange, 401, Map.of());
    return false;
  }

  /** Sends the server's messages over SSE until the client disconnects. */
  private void stream(HttpExchange exchange) throws IOException {
    if (!isKnown(exchange)) return;
    var name = UUID.randomUUID().toString();
    var messages = new LinkedBlockingQueue<String>();
    streams.put(name, messages);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      write(exchange, "event: endpoint\ndata: /mcp/messages?stream=" + name + "\n\n");
      while (true) {
        var next = messages.poll(1, TimeUnit.SECONDS);
        write(
            exchange,
            next == null ? ": still there\n\n" : "event: message\ndata: " + next + "\n\n");
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    } finally {
      streams.remove(name);
    }
  }

  private static void write(HttpExchange exchange, String text) throws IOException {
    exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  private void message(HttpExchange exchange) throws IOException {
    var message = JSON.readTree(exchange.getRequestBody().readAllBytes());
    if (!isKnown(exchange)) return;
    var stream = streams.get(exchange.getRequestURI().getQuery().substring("stream=".length()));
    if (message.has("id")) stream.add(JSON.writeValueAsString(reply(message)));
    respond(exchange, 202, Map.of());
  }

  private static Map<String, Object> reply(JsonNode message) {
    Object result =
        switch (message.path("method").asString()) {
          case "initialize" ->
              Map.of(
                  "protocolVersion", message.at("/params/protocolVersion").asString(),
                  "capabilities", Map.of("tools", Map.of()),
                  "serverInfo", Map.of("name", "shop", "version", "1"));
          case "tools/list" ->
              Map.of(
                  "tools",
                  List.of(
                      Map.of(
                          "name", "charge",
                          "description", "Charges the card.",
                          "inputSchema", Map.of("type", "object"))));
          case "tools/call" ->
              Map.of("content", List.of(Map.of("type", "text", "text", "charged")));
          default -> Map.of();
        };
    return Map.of("jsonrpc", "2.0", "id", message.path("id"), "result", result);
  }

  private static void respond(HttpExchange exchange, int status, Map<String, Object> body)
      throws IOException {
    try (exchange) {
      byte[] bytes = JSON.writeValueAsBytes(body);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
