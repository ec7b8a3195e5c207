package io.agentledger.command.claude.process;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Minimal Messages API for the real CLI, on a Unix socket; prompts contain its responses. */
final class FakeModel implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private final AtomicInteger count = new AtomicInteger();
  private final DisposableServer server;

  /** Names of the tools in the last request. */
  final List<String> offered = new CopyOnWriteArrayList<>();

  /** Bodies of the requests, oldest first. */
  final List<String> requests = new CopyOnWriteArrayList<>();

  FakeModel(Path socket) throws Exception {
    Files.deleteIfExists(socket);
    server =
        HttpServer.create()
            .runOn(reactor.netty.resources.LoopResources.create("model-stand-in", 1, true), false)
            .bindAddress(() -> java.net.UnixDomainSocketAddress.of(socket))
            .handle(this::exchange)
            .bindNow();
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  /** Beta features of the last request. */
  volatile String betas = "";

  private Publisher<Void> exchange(HttpServerRequest request, HttpServerResponse response) {
    betas = String.valueOf(request.requestHeaders().get("anthropic-beta"));
    return request
        .receive()
        .aggregate()
        .asString()
        .flatMap(
            body -> {
              if (request.uri().contains("count_tokens")) {
                return response
                    .header("content-type", "application/json")
                    .sendString(Mono.just("{\"input_tokens\":10}"))
                    .then();
              }
              return answer(JSON.readTree(body), response);
            });
  }

  private Mono<Void> answer(JsonNode request, HttpServerResponse response) {
    requests.add(request.toString());
    offered.clear();
    request.path("tools").forEach(tool -> offered.add(tool.path("name").asString()));
    StringBuilder results = new StringBuilder();
    StringBuilder prompt = new StringBuilder();
    for (JsonNode message : request.path("messages")) { // The CLI puts system messages at the end.
      switch (message.path("role").asString()) {
        case "assistant" -> {
          results.setLength(0);
          prompt.setLength(0);
        }
        case "user" -> {
          results.append(resultsIn(message));
          prompt.append(text(message));
        }
        default -> {}
      }
    }
    PromptScript script =
        results.isEmpty()
            ? PromptScript.parse(prompt.toString())
            : new PromptScript("say", "the tool said: " + results);
    Flux<String> events = Flux.fromIterable(events(request, script));
    if (script.verb().equals("slow")) {
      events = events.delayElements(Duration.ofMillis(50));
    }
    return response
        .header("content-type", "text/event-stream")
        .send(events.map(e -> Unpooled.copiedBuffer(e, StandardCharsets.UTF_8)), each -> true)
        .then();
  }

  private static String resultsIn(JsonNode message) {
    StringBuilder found = new StringBuilder();
    for (JsonNode block : message.path("content")) {
      if (block.path("type").asString("").equals("tool_result")) {
        found.append(block.path("content"));
      }
    }
    return found.toString();
  }

  private static String text(JsonNode message) {
    JsonNode content = message.path("content");
    return content.isString() ? content.asString() : textIn(content);
  }

  private static String textIn(JsonNode blocks) {
    StringBuilder found = new StringBuilder();
    blocks.forEach(block -> found.append(block.path("text").asString("")));
    return found.toString();
  }

  private List<String> events(JsonNode request, PromptScript script) {
    int number = count.incrementAndGet();
    String usage = "{\"input_tokens\":100,\"output_tokens\":7}";
    List<String> events = new ArrayList<>();
    events.add(
        event(
            "message_start",
            "\"message\":{\"id\":\"msg_%d\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"%s\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":%s}"
                .formatted(number, request.path("model").asString(), usage)));
    boolean tool = script.verb().equals("use");
    if (tool) {
      block(
          events,
          "{\"type\":\"tool_use\",\"id\":\"toolu_%d\",\"name\":\"%s\",\"input\":{}}"
              .formatted(number, script.tool()),
          List.of(
              "{\"type\":\"input_json_delta\",\"partial_json\":" + quote(script.input()) + "}"));
    } else {
      List<String> deltas = new ArrayList<>();
      int repeats = script.verb().equals("slow") ? 600 : 1;
      String text = script.verb().equals("slow") ? "slowly " : script.rest();
      for (int i = 0; i < repeats; i++) {
        deltas.add("{\"type\":\"text_delta\",\"text\":" + quote(text) + "}");
      }
      block(events, "{\"type\":\"text\",\"text\":\"\"}", deltas);
    }
    events.add(
        event(
            "message_delta",
            "\"delta\":{\"stop_reason\":\"%s\",\"stop_sequence\":null},\"usage\":%s"
                .formatted(tool ? "tool_use" : "end_turn", usage)));
    events.add(event("message_stop", "\"x\":0"));
    return events;
  }

  private static void block(List<String> events, String start, List<String> deltas) {
    events.add(event("content_block_start", "\"index\":0,\"content_block\":" + start));
    deltas.forEach(d -> events.add(event("content_block_delta", "\"index\":0,\"delta\":" + d)));
    events.add(event("content_block_stop", "\"index\":0"));
  }

  private static String event(String type, String fields) {
    return "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, fields);
  }

  private static String quote(String text) {
    return JSON.writeValueAsString(text);
  }

  @Override
  public void close() {
    server.disposeNow();
  }
}
