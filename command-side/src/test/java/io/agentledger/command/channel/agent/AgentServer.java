package io.agentledger.command.channel.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** External agent whose responses a test decides, by the path of its URL. */
final class AgentServer implements AutoCloseable {
  private final HttpServer server;

  /** Call as it arrived. */
  record ReceivedCall(String id, String timestamp, String signature, String body) {
    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    List<String> texts(String list) {
      return json().path(list).valueStream().map(m -> m.path("text").asString()).toList();
    }
  }

  /** Response of the agent. */
  record Response(int status, String body) {}

  AgentServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url(String path) {
    return "http://127.0.0.1:" + port() + path;
  }

  /** Serves a path; returns the calls that it receives. */
  List<ReceivedCall> serve(String path, Function<ReceivedCall, Response> agent) {
    var calls = new CopyOnWriteArrayList<ReceivedCall>();
    server.createContext(
        path,
        exchange -> {
          var call = read(exchange);
          calls.add(call);
          respond(exchange, agent.apply(call));
        });
    return calls;
  }

  private static ReceivedCall read(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    return new ReceivedCall(
        headers.getFirst("webhook-id"),
        headers.getFirst("webhook-timestamp"),
        headers.getFirst("webhook-signature"),
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static void respond(HttpExchange exchange, Response response) throws IOException {
    try (exchange) {
      var body = response.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
