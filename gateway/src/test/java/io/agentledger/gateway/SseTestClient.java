package io.agentledger.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Client of a stream of server-sent events, which reads as fast as possible. */
public final class SseTestClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** One received event. */
  public record Event(String id, String type, JsonNode data) {}

  private final HttpResponse<java.io.InputStream> response;
  private final List<Event> events = Collections.synchronizedList(new ArrayList<>());
  private final List<String> comments = new CopyOnWriteArrayList<>();
  private volatile boolean ended;

  private SseTestClient(HttpResponse<java.io.InputStream> response) {
    this.response = response;
    Thread.ofVirtual().start(this::read);
  }

  public static SseTestClient open(ApiTestServer server, HttpRequest.Builder request) {
    try {
      return new SseTestClient(server.client().send(request.build(), BodyHandlers.ofInputStream()));
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private void read() {
    try (var reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      var record = new ArrayList<String>();
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isEmpty()) record.add(line);
        else if (!record.isEmpty()) {
          parseEvent(record);
          record.clear();
        }
      }
    } catch (IOException exception) {
      // The test has closed the client, or the service has stopped.
    } finally {
      ended = true;
    }
  }

  private void parseEvent(List<String> record) {
    String id = "";
    String type = "";
    String data = "";
    for (var line : record) {
      if (line.startsWith(":")) comments.add(line);
      if (line.startsWith("id:")) id = line.substring(3).strip();
      if (line.startsWith("event:")) type = line.substring(6).strip();
      if (line.startsWith("data:")) data = line.substring(5).strip();
    }
    if (!data.isEmpty()) events.add(new Event(id, type, JSON.readTree(data)));
  }

  public HttpResponse<?> response() {
    return response;
  }

  /** Returns the events that were received so far. */
  public List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /** Returns the ids of the events, in order of arrival. */
  public List<String> ids() {
    return events().stream().map(Event::id).filter(id -> !id.isEmpty()).toList();
  }

  public List<String> types() {
    return events().stream().map(Event::type).toList();
  }

  public List<String> comments() {
    return comments;
  }

  public boolean ended() {
    return ended;
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
