package io.agentledger.client.bench;

import static java.util.stream.Collectors.joining;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Messages API on loopback that answers every request alike, at first with a short text. The
 * service and the CLI that is driven directly have the same one. Thread-safe.
 */
final class StandInModel implements AutoCloseable {
  private static final Pattern MODEL = Pattern.compile("\"model\"\\s*:\\s*\"([^\"]+)\"");
  private static final String USAGE = "{\"input_tokens\":100,\"output_tokens\":7}";
  private static final String END =
      event(
              "message_delta",
              "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":" + USAGE)
          + event("message_stop", "\"index\":0");

  /** Before the digits of a time. */
  static final char TIME_MARK = '^';

  static final int TIME_DIGITS = 19;

  private final HttpServer server;
  private volatile Answer answer = new Answer(1, 1, Duration.ZERO);

  /**
   * Answer to each request.
   *
   * @param pace between two texts of a block
   */
  private record Answer(int blocks, int texts, Duration pace) {}

  static {
    System.setProperty("sun.net.httpserver.nodelay", "true"); // Else an answer waits 40 ms.
  }

  StandInModel() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers with short messages of one text each from now on. */
  void setBlocks(int count) {
    answer = new Answer(count, 1, Duration.ZERO);
  }

  /** Answers with one message of many texts from now on, each with the time at which it is sent. */
  void setPacedTexts(int count, Duration pace) {
    answer = new Answer(1, count, pace);
  }

  /** Returns a text with the current time, by {@link System#nanoTime}. */
  static String timedText() {
    return String.format(Locale.ROOT, TIME_MARK + "%0" + TIME_DIGITS + "d", System.nanoTime());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/v1/messages")) sendMessage(exchange, request);
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

  private void sendMessage(HttpExchange exchange, String request) throws IOException {
    Answer sent = answer;
    if (sent.pace.isZero()) {
      send(exchange, "text/event-stream", messageStart(request) + blocks(sent) + END);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    OutputStream body = exchange.getResponseBody();
    write(body, messageStart(request) + blockStart(0));
    long due = System.nanoTime();
    for (int i = 0; i < sent.texts; i++) {
      due += sent.pace.toNanos();
      LockSupport.parkNanos(due - System.nanoTime());
      write(body, text(0, timedText()));
    }
    write(body, blockStop(0) + END);
  }

  private static void write(OutputStream body, String events) throws IOException {
    body.write(events.getBytes(StandardCharsets.UTF_8));
    body.flush();
  }

  private static String messageStart(String request) {
    Matcher model = MODEL.matcher(request);
    String name = model.find() ? model.group(1) : "unknown";
    return event(
        "message_start",
        """
        "message":{"id":"msg_%d","type":"message","role":"assistant","model":"%s",\
        "content":[],"stop_reason":null,"stop_sequence":null,"usage":%s}"""
            .formatted(System.nanoTime(), name, USAGE));
  }

  private static String blocks(Answer answer) {
    return IntStream.range(0, answer.blocks)
        .mapToObj(index -> blockStart(index) + text(index, "One, two, three.") + blockStop(index))
        .collect(joining());
  }

  private static String blockStart(int index) {
    return event(
        "content_block_start",
        "\"index\":%d,\"content_block\":{\"type\":\"text\",\"text\":\"\"}".formatted(index));
  }

  private static String text(int index, String text) {
    return event(
        "content_block_delta",
        "\"index\":%d,\"delta\":{\"type\":\"text_delta\",\"text\":\"%s\"}".formatted(index, text));
  }

  private static String blockStop(int index) {
    return event("content_block_stop", "\"index\":" + index);
  }

  private static String event(String type, String fields) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, fields);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
