package io.agentledger.client.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages API on loopback that answers every request at once with the same short text. The service
 * and the CLI that is driven directly have the same one.
 */
final class StandInModel implements AutoCloseable {
  private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"([^\"]+)\"");
  private static final String USAGE = "{\"input_tokens\":100,\"output_tokens\":7}";

  private final HttpServer server;

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // Else an answer waits 40 ms.
  }

  StandInModel() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", StandInModel::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/v1/messages")) send(exchange, "text/event-stream", message(request));
      else send(exchange, "application/json", "{\"input_tokens\":10}");
    }
  }

  private static void send(HttpExchange exchange, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, head ? -1 : body.length);
    if (!head) exchange.getResponseBody().write(body);
  }

  private static String message(String request) {
    Matcher model = MODEL.matcher(request);
    String name = model.find() ? model.group(1) : "unknown";
    return event(
            "message_start",
            """
            "message":{"id":"msg_%d","type":"message","role":"assistant","model":"%s",\
            "content":[],"stop_reason":null,"stop_sequence":null,"usage":%s}"""
                .formatted(System.nanoTime(), name, USAGE))
        + event(
            "content_block_start",
            "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
        + event(
            "content_block_delta",
            "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"One, two, three.\"}")
        + event("content_block_stop", "\"index\":0")
        + event(
            "message_delta",
            "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":" + USAGE)
        + event("message_stop", "\"index\":0");
  }

  private static String event(String type, String fields) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, fields);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
