package io.agentledger.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Service behind a generic HTTP channel, and an external agent beside it. */
public final class MessagingServer implements AutoCloseable {
  public static final String AGENT = "/agent";
  static final String FILE = "/files/picture.png";
  private static final byte[] PICTURE = HexFormat.of().parseHex("89504e470d0a1a0a0000");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final List<Received> received = new CopyOnWriteArrayList<>();

  private final Set<String> away = ConcurrentHashMap.newKeySet();

  private record Received(String path, JsonNode body) {}

  public MessagingServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      if (path.equals(FILE)) {
        respond(exchange, "image/png", PICTURE);
        return;
      }
      if (away.contains(path)) {
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      var body = JSON.readTree(exchange.getRequestBody().readAllBytes());
      var answer = JSON.createObjectNode();
      received.add(new Received(path, body));
      if (path.startsWith(AGENT))
        answer.put("text", "pong: " + body.at("/messages/0/text").asString());
      else answer.put("message_id", idOf(body));
      respond(exchange, "application/json", answer.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Answers the requests of a channel as a platform that is away, or as usual. */
  void setAway(String path, boolean isAway) {
    if (isAway) away.add(path);
    else away.remove(path);
  }

  private static void respond(HttpExchange exchange, String mediaType, byte[] bytes)
      throws IOException {
    exchange.getResponseHeaders().add("Content-Type", mediaType);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static String idOf(JsonNode body) {
    return "out-" + body.path("id").asString();
  }

  /** Drops repetitions by id, as a receiver has to: a request without a result is repeated. */
  private List<JsonNode> messages(String path) {
    var messages = new LinkedHashMap<String, JsonNode>();
    for (var message : parts(path, "text")) messages.putIfAbsent(idOf(message), message);
    return List.copyOf(messages.values());
  }

  /** Returns the bodies of a type that a channel sent, or that its agent received. */
  public List<JsonNode> parts(String path, String type) {
    return received.stream()
        .filter(request -> request.path().startsWith(path))
        .map(Received::body)
        .filter(body -> body.path("type").asString().equals(type))
        .toList();
  }

  /** Returns how often a channel showed that its agent writes. */
  int typingCount(String path) {
    return parts(path, "typing").size();
  }

  /** Returns the texts that a channel sent, in order. */
  public List<String> texts(String path) {
    return messages(path).stream().map(body -> body.path("markdown").asString()).toList();
  }

  /** Returns the id that this service gave to the last text of a channel. */
  String lastId(String path) {
    return idOf(messages(path).getLast());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
