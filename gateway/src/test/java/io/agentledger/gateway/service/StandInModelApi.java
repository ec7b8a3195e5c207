package io.agentledger.gateway.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fake model API in a separate process, which no round kills. It implements the public Messages
 * API, executes {@linkplain PlanPlayer plans}, and logs each request with its response and the
 * number of bytes sent. Each request reports a distinct number of input tokens, by which its cost
 * is found in the event store. It ends with its standard input.
 */
final class StandInModelApi {
  /** Input tokens that the first request reports. */
  static final long FIRST_TOKENS = 1_000;

  private static final JsonMapper JSON = new JsonMapper();
  private static final int PIECES = 12;
  private static final long PIECE_MILLIS = 25;

  private final Path log;
  private final AtomicLong requestCount;

  private StandInModelApi(Path log) throws IOException {
    this.log = log;
    long before = 0;
    if (Files.exists(log))
      for (String line : Files.readAllLines(log)) before += line.contains("\"tokens\"") ? 1 : 0;
    this.requestCount = new AtomicLong(before);
  }

  /**
   * Starts the API.
   *
   * @param arguments port on loopback, and log file
   */
  public static void main(String[] arguments) throws IOException {
    var api = new StandInModelApi(Path.of(arguments[1]));
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port(arguments[0]));
    var server = HttpServer.create(address, 64);
    server.createContext("/", api::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    while (System.in.read() >= 0) continue;
    System.exit(0);
  }

  private static int port(String text) {
    return Integer.parseInt(text);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(200, -1);
      } else if (exchange.getRequestURI().getPath().endsWith("/count_tokens")) {
        send(exchange, "{\"input_tokens\":100}");
      } else {
        answer(exchange, JSON.readTree(body));
      }
    }
  }

  private void answer(HttpExchange exchange, JsonNode request) throws IOException {
    var step = PlanPlayer.next(request.path("messages"), "toolu_" + randomId());
    long tokens = FIRST_TOKENS + requestCount.getAndIncrement();
    var entry = JSON.createObjectNode().put("tokens", tokens).put("plan", step.plan());
    step.call().ifPresent(call -> entry.put("tool_use", call.id()).put("mark", call.mark()));
    write(entry.put("at", System.currentTimeMillis()));
    String end = "broken";
    try {
      if (request.path("stream").asBoolean(false)) stream(exchange, request, step, tokens);
      else send(exchange, whole(request, step, tokens).toString());
      end = "complete";
    } finally {
      write(
          JSON.createObjectNode()
              .put("of", tokens)
              .put("end", end)
              .put("at", System.currentTimeMillis()));
    }
  }

  private synchronized void write(ObjectNode line) throws IOException {
    Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void send(HttpExchange exchange, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }

  private static ObjectNode message(JsonNode request, long tokens) {
    var message = JSON.createObjectNode();
    message.put("id", "msg_" + randomId()).put("type", "message").put("role", "assistant");
    message.put("model", request.path("model").asString("")).putNull("stop_sequence");
    message.putNull("stop_reason").putArray("content");
    message.set("usage", usage(tokens, 1));
    return message;
  }

  private static ObjectNode usage(long input, long output) {
    return JSON.createObjectNode().put("input_tokens", input).put("output_tokens", output);
  }

  private static ObjectNode whole(JsonNode request, PlanPlayer.Step step, long tokens) {
    var message = message(request, tokens).put("stop_reason", step.stopReason());
    message.withArray("content").addObject().put("type", "text").put("text", step.text());
    step.call().ifPresent(call -> message.withArray("content").add(toolUse(call, call.input())));
    message.set("usage", usage(tokens, PIECES));
    return message;
  }

  private static ObjectNode toolUse(PlanPlayer.Call call, ObjectNode input) {
    var block = JSON.createObjectNode().put("type", "tool_use").put("id", call.id());
    return block.put("name", "Bash").set("input", input);
  }

  private static void stream(
      HttpExchange exchange, JsonNode request, PlanPlayer.Step step, long tokens)
      throws IOException {
    exchange.getResponseHeaders().set("content-type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    var out = exchange.getResponseBody();
    emit(out, "message_start", Map.of("message", message(request, tokens)));
    startBlock(out, 0, JSON.createObjectNode().put("type", "text").put("text", ""));
    int size = Math.ceilDiv(step.text().length(), PIECES);
    for (int at = 0; at < step.text().length(); at += size) {
      pause();
      String piece = step.text().substring(at, Math.min(at + size, step.text().length()));
      delta(out, 0, Map.of("type", "text_delta", "text", piece));
    }
    emit(out, "content_block_stop", Map.of("index", 0));
    if (step.call().isPresent()) {
      var call = step.call().get();
      startBlock(out, 1, toolUse(call, JSON.createObjectNode()));
      delta(out, 1, Map.of("type", "input_json_delta", "partial_json", call.input().toString()));
      emit(out, "content_block_stop", Map.of("index", 1));
    }
    var end = JSON.createObjectNode().put("stop_reason", step.stopReason());
    end.putNull("stop_sequence");
    emit(out, "message_delta", Map.of("delta", end, "usage", usage(tokens, PIECES)));
    emit(out, "message_stop", Map.of());
  }

  private static void startBlock(OutputStream out, int index, ObjectNode block) throws IOException {
    emit(out, "content_block_start", Map.of("index", index, "content_block", block));
  }

  private static void delta(OutputStream out, int index, Map<String, ?> delta) throws IOException {
    emit(out, "content_block_delta", Map.of("index", index, "delta", delta));
  }

  private static void emit(OutputStream out, String type, Map<String, ?> fields)
      throws IOException {
    var event = JSON.createObjectNode().put("type", type);
    fields.forEach((name, value) -> event.set(name, JSON.valueToTree(value)));
    out.write(("event: " + type + "\ndata: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void pause() {
    try {
      Thread.sleep(PIECE_MILLIS);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static String randomId() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 24);
  }
}
