package io.agentledger.command.flow.provider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Stand-in of a provider whose comments are JSON objects, which a test defines. */
final class CommentServer implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();

  /** Behaviour of the provider. */
  interface Behaviour {
    Reply respond(String request, String query, JsonNode body);
  }

  /** Response: status, value of the header Link or an empty string, body. */
  record Reply(int status, String link, Object body) {}

  final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<String> credentials = new ConcurrentLinkedQueue<>();
  final List<JsonNode> comments = new ArrayList<>();
  private final HttpServer server;
  private final Behaviour behaviour;

  CommentServer(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  private void respond(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      requests.add(request);
      credentials.add(exchange.getRequestHeaders().getFirst("Authorization"));
      var content = exchange.getRequestBody().readAllBytes();
      var body = content.length == 0 ? JSON.createObjectNode() : JSON.readTree(content);
      var query = exchange.getRequestURI().getQuery();
      var reply = behaviour.respond(request, query == null ? "" : query, body);
      if (!reply.link().isEmpty()) exchange.getResponseHeaders().set("Link", reply.link());
      var bytes = JSON.writeValueAsString(reply.body()).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
