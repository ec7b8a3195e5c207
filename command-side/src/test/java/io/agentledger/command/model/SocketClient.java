package io.agentledger.command.model;

import io.netty.buffer.Unpooled;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Client of a gateway's socket that behaves as the CLI: a new connection for every exchange. */
final class SocketClient {
  static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client;

  SocketClient(Path socket) {
    client =
        HttpClient.create(ConnectionProvider.newConnection())
            .remoteAddress(
                () ->
                    LoopResources.hasNativeSupport()
                        ? new DomainSocketAddress(socket.toString())
                        : UnixDomainSocketAddress.of(socket))
            .disableRetry(true);
  }

  /** Response; {@code broken} if the connection ended before the response did. */
  record Reply(int status, HttpHeaders headers, String body, boolean broken) {
    JsonNode json() {
      return JSON.readTree(body);
    }

    List<JsonNode> events() {
      List<JsonNode> events = new ArrayList<>();
      body.lines()
          .filter(line -> line.startsWith("data: "))
          .forEach(line -> events.add(JSON.readTree(line.substring(6))));
      return events;
    }

    List<String> types() {
      return events().stream().map(event -> event.path("type").asString()).toList();
    }
  }

  Reply send(HttpMethod method, String uri, String body) {
    return client
        .headers(
            headers ->
                headers
                    .set("content-type", "application/json")
                    .set("authorization", "Bearer stolen"))
        .request(method)
        .uri(uri)
        .send(Mono.just(Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8))))
        .responseSingle(
            (head, bytes) ->
                Mono.just(new Reply(head.status().code(), head.responseHeaders(), "", false))
                    .flatMap(
                        reply ->
                            bytes
                                .asString()
                                .defaultIfEmpty("")
                                .map(
                                    text ->
                                        new Reply(reply.status(), reply.headers(), text, false))))
        .block(TIMEOUT);
  }

  /** Reads a stream until it ends or breaks. */
  Reply stream(String body) {
    var collected = new StringBuilder();
    var status = new int[1];
    var headers = new HttpHeaders[1];
    Boolean broken =
        chunks(body, status, headers)
            .doOnNext(collected::append)
            .then(Mono.just(false))
            .onErrorReturn(true)
            .block(TIMEOUT);
    return new Reply(status[0], headers[0], collected.toString(), Boolean.TRUE.equals(broken));
  }

  /**
   * Returns the chunks as they arrive; cancelling closes the connection, as an interrupt of the CLI
   * does.
   */
  Flux<String> chunks(String body, int[] status, HttpHeaders[] headers) {
    return client
        .headers(all -> all.set("content-type", "application/json"))
        .request(HttpMethod.POST)
        .uri("/v1/messages?beta=true")
        .send(Mono.just(Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8))))
        .response(
            (head, bytes) -> {
              status[0] = head.status().code();
              headers[0] = head.responseHeaders();
              return bytes.asString();
            });
  }

  static String messagesRequest(String prompt, Map<String, ?> more) {
    return conversation(List.of(Map.of("role", "user", "content", prompt)), more);
  }

  static String conversation(List<?> messages, Map<String, ?> more) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("model", "claude-opus-4-8");
    request.put("stream", true);
    request.put("max_tokens", 1000);
    request.put("messages", messages);
    request.putAll(more);
    return JSON.writeValueAsString(request);
  }
}
