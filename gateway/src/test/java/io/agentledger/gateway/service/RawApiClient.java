package io.agentledger.gateway.service;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Client of the public API without code of the product. */
final class RawApiClient {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;
  private final String key;
  private final java.util.concurrent.atomic.AtomicLong lastSequence =
      new java.util.concurrent.atomic.AtomicLong();

  RawApiClient(String base, String key) {
    this.base = base;
    this.key = key;
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT);
    if (!key.isEmpty()) request.header("Authorization", "Bearer " + key);
    return request;
  }

  /** Returns the status of a GET request. */
  int status(String path) throws IOException, InterruptedException {
    return http.send(request(path).GET().build(), BodyHandlers.discarding()).statusCode();
  }

  void delete(String path) throws IOException, InterruptedException {
    assertOk(http.send(request(path).DELETE().build(), BodyHandlers.ofString()));
  }

  /** Reads a stream until the service closes it; returns the number of lines. */
  long readUntilClosed(String path) {
    try {
      var request = request(path).header("Accept", "text/event-stream").GET().build();
      try (Stream<String> lines = http.send(request, BodyHandlers.ofLines()).body()) {
        return lines.peek(line -> lastSequence.incrementAndGet()).count();
      }
    } catch (IOException | java.io.UncheckedIOException cut) {
      return lastSequence.get();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Returns the number of lines of a followed stream so far. */
  long lastSequence() {
    return lastSequence.get();
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(
        assertOk(http.send(request(path).GET().build(), BodyHandlers.ofString())).body());
  }

  JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return post(path, body, "");
  }

  /**
   * Sends a POST.
   *
   * @param idempotencyKey key of the request; or empty
   */
  JsonNode post(String path, Object body, String idempotencyKey)
      throws IOException, InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (!idempotencyKey.isEmpty()) request.header("Idempotency-Key", idempotencyKey);
    String answer = assertOk(http.send(request.build(), BodyHandlers.ofString())).body();
    return answer.isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer);
  }

  JsonNode put(String path, Object body) throws IOException, InterruptedException {
    return JSON.readTree(assertOk(send("PUT", path, body)).body());
  }

  /** Sends a request and returns the response of any status. */
  HttpResponse<String> send(String method, String path, Object body)
      throws IOException, InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
    return http.send(request.build(), BodyHandlers.ofString());
  }

  JsonNode patch(String path, String body) throws IOException, InterruptedException {
    var request =
        request(path)
            .header("Content-Type", "application/json")
            .method("PATCH", BodyPublishers.ofString(body))
            .build();
    return JSON.readTree(assertOk(http.send(request, BodyHandlers.ofString())).body());
  }

  String base() {
    return base;
  }

  private static HttpResponse<String> assertOk(HttpResponse<String> response) {
    if (response.statusCode() >= 300)
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    return response;
  }

  /** Opens a session and returns its id. */
  String open(Map<String, ?> body) throws IOException, InterruptedException {
    return post("/api/v1/sessions", body).path("id").asString();
  }

  /** Submits a query without waiting for the result. */
  JsonNode submitQuery(String session, String prompt) throws IOException, InterruptedException {
    return post("/api/v1/sessions/" + session + "/query", Map.of("prompt", prompt));
  }

  /** Returns the items of the stream after {@code after} up to the first one that matches. */
  List<JsonNode> follow(String session, long after, Predicate<JsonNode> last)
      throws IOException, InterruptedException {
    var request =
        request("/api/v1/sessions/" + session + "/events?after=" + after)
            .header("Accept", "text/event-stream")
            .GET()
            .build();
    var response = http.send(request, BodyHandlers.ofLines());
    var items = new ArrayList<JsonNode>();
    try (Stream<String> lines = response.body()) {
      for (var at = lines.iterator(); at.hasNext(); ) {
        String line = at.next();
        if (!line.startsWith("data:")) continue;
        JsonNode item = JSON.readTree(line.substring(5));
        items.add(item);
        if (last.test(item)) return items;
      }
    }
    throw new IllegalStateException("the stream ended early: " + items);
  }

  /** Returns all events, page by page. */
  List<JsonNode> record(String session) throws IOException, InterruptedException {
    var events = new ArrayList<JsonNode>();
    for (long after = 0; ; after = events.getLast().path("sequence").asLong()) {
      JsonNode page =
          get("/api/v1/sessions/" + session + "/events?format=json&limit=500&after=" + after);
      page.path("items").forEach(events::add);
      if (page.path("next_cursor").isNull() || page.path("items").isEmpty()) return events;
    }
  }

  static Predicate<JsonNode> type(String type) {
    return item -> type.equals(item.path("type").asString(""));
  }

  static Predicate<JsonNode> hasEventName(String event) {
    return item -> event.equals(item.path("event").asString(""));
  }
}
