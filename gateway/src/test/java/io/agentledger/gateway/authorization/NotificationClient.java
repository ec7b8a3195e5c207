package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.RSocketTestClient;
import io.agentledger.gateway.SseTestClient;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Client of notifications about chats over one transport, connected when it is created. */
final class NotificationClient implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Supplier<List<JsonNode>> received;
  private final AutoCloseable connection;
  private final Supplier<Boolean> isEnded;

  private NotificationClient(
      Supplier<List<JsonNode>> received, AutoCloseable connection, Supplier<Boolean> isEnded) {
    this.received = received;
    this.connection = connection;
    this.isEnded = isEnded;
    await().atMost(TIMEOUT).until(() -> !received().isEmpty());
    assertThat(received().getFirst().path("type").asString()).isEqualTo("ready");
  }

  static NotificationClient sse(ApiTestServer server, String secret, @Nullable String lastEventId) {
    var request = server.requestAs(secret, "/api/v1/chats/events");
    if (lastEventId != null) request.header("Last-Event-ID", lastEventId);
    var client = SseTestClient.open(server, request);
    assertThat(client.response().statusCode()).isEqualTo(200);
    return new NotificationClient(
        () -> client.events().stream().map(SseTestClient.Event::data).toList(),
        client,
        client::ended);
  }

  static NotificationClient rsocket(ApiTestServer server, String secret) {
    var client = new RSocketTestClient(server, secret);
    var received = new CopyOnWriteArrayList<JsonNode>();
    var stream =
        client
            .route("chats.events")
            .data(Map.of())
            .retrieveFlux(String.class)
            .subscribe(text -> received.add(JSON.readTree(text)));
    return new NotificationClient(() -> received, client, stream::isDisposed);
  }

  /**
   * Opens a WebSocket.
   *
   * @param query of the URL; empty for none
   */
  static NotificationClient webSocket(ApiTestServer server, String secret, String query) {
    var listener = new Listener();
    var uri = URI.create("ws://127.0.0.1:" + server.port() + "/ws" + query);
    var socket =
        server
            .client()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + secret)
            .buildAsync(uri, listener)
            .join();
    return new NotificationClient(() -> listener.received, socket::abort, () -> listener.closed);
  }

  /** Reads the messages, with the time of each. */
  private static final class Listener implements WebSocket.Listener {
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private volatile boolean closed;

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        var notification = JSON.readTree(text.toString()).asObject();
        received.add(notification.put("received_at", Instant.now().toString()));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed = true;
      return null;
    }
  }

  List<JsonNode> received() {
    return new ArrayList<>(received.get());
  }

  List<String> types() {
    return received().stream().map(notification -> notification.path("type").asString()).toList();
  }

  /** Returns the beginnings of the messages, in order of arrival. */
  List<String> previews() {
    return received().stream()
        .filter(notification -> notification.path("type").asString().equals("new_message"))
        .map(notification -> notification.path("preview").asString())
        .toList();
  }

  void awaitMessage(String preview) {
    await().atMost(TIMEOUT).until(() -> previews().contains(preview));
  }

  void awaitType(String type) {
    await().atMost(TIMEOUT).until(() -> types().contains(type));
  }

  /** Returns the cursor of the last notification. */
  String cursor() {
    return received().getLast().path("cursor").asString();
  }

  boolean isEnded() {
    return isEnded.get();
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
