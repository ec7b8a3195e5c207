package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.scripted.ScriptedBackend;
import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Streams and inputs over WebSocket. */
class WebSocketTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  /** Collects whole text messages. */
  private static final class Client implements WebSocket.Listener {
    private static final JsonMapper JSON = new JsonMapper();
    final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    volatile int closedWith;
    private final StringBuilder partial = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        messages.add(JSON.readTree(partial.toString()));
        partial.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closedWith = status;
      return null;
    }

    List<JsonNode> messagesOfType(String type) {
      return messages.stream().filter(m -> m.path("type").asString().equals(type)).toList();
    }
  }

  private static WebSocket connect(Client client, String path) {
    return server
        .client()
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + ScriptedBackend.KEY)
        .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + path), client)
        .join();
  }

  @Test
  void eventsAreStreamedAndMessagesAnswered() {
    var session = server.openSession();
    var client = new Client();
    var socket = connect(client, "/api/v1/sessions/" + session + "/ws?after=0");
    socket.sendText("{\"type\": \"ping\", \"ref\": \"p1\"}", true).join();
    socket.sendText("{\"type\": \"prompt\", \"prompt\": \"hi\", \"ref\": \"p2\"}", true).join();
    await().atMost(TIMEOUT).until(() -> client.messagesOfType("receipt").size() == 1);
    await().atMost(TIMEOUT).until(() -> client.messagesOfType("result").size() == 1);
    assertThat(client.messagesOfType("pong").getFirst().path("ref").asString()).isEqualTo("p1");
    var receipt = client.messagesOfType("receipt").getFirst();
    assertThat(receipt.path("ref").asString()).isEqualTo("p2");
    assertThat(receipt.path("queries").path(0).path("query_id").asString()).startsWith("qry_");
    assertThat(
            client.messages.stream()
                .filter(m -> m.has("sequence"))
                .map(m -> m.path("sequence").asInt()))
        .containsExactly(1, 2, 3, 4);
    socket.abort();
  }

  @Test
  void socketOfTheOriginDocumentSendsItsMessagesAndAnswersInputs() {
    var session = server.openSession();
    var client = new Client();
    var socket = connect(client, "/ws/" + session + "?after=0");
    socket.sendText("{\"type\": \"prompt\", \"prompt\": \"hi\", \"ref\": \"p\"}", true).join();
    await().atMost(TIMEOUT).until(() -> client.messagesOfType("task.completed").size() == 1);
    var completed = client.messagesOfType("task.completed").getFirst();
    assertThat(completed.path("session_id").asString()).isEqualTo(session.value());
    assertThat(client.messagesOfType("task.output").getFirst().path("task_id"))
        .isEqualTo(completed.path("task_id"));
    await().atMost(TIMEOUT).until(() -> client.messagesOfType("receipt").size() == 1);
    assertThat(client.messages)
        .extracting(message -> message.path("type").asString())
        .allMatch(type -> type.startsWith("task.") || type.equals("receipt"));
    socket.abort();
  }

  @Test
  void malformedMessageIsAnsweredAndTheNextOneHandled() {
    var session = server.openSession();
    var client = new Client();
    var socket = connect(client, "/ws/sessions/" + session);
    socket.sendText("{\"type\": \"prompt\", \"prompt\": \"\", \"ref\": \"x\"}", true).join();
    socket.sendText("no json", true).join();
    socket.sendText("{\"type\": \"dance\"}", true).join();
    socket.sendText("{\"type\": \"interrupt\", \"now\": true}", true).join();
    socket.sendText("{\"type\": \"interrupt\"}", true).join();
    await().atMost(TIMEOUT).until(() -> client.messagesOfType("receipt").size() == 1);
    var errors = client.messagesOfType("error");
    assertThat(errors).hasSize(4);
    assertThat(errors.getFirst().path("ref").asString()).isEqualTo("x");
    assertThat(errors.getFirst().path("code").asString()).isEqualTo("invalid_request");
    assertThat(errors.getFirst().path("errors").path(0).path("pointer").asString())
        .isEqualTo("/prompt");
    socket.abort();
  }

  @Test
  void promptOfMaximumLengthFits() {
    var session = server.openSession();
    var client = new Client();
    var socket = connect(client, "/ws/sessions/" + session);
    var prompt = "x".repeat(100_000);
    socket.sendText("{\"type\": \"prompt\", \"prompt\": \"" + prompt + "\"}", true).join();
    await().atMost(TIMEOUT).until(() -> client.messagesOfType("receipt").size() == 1);
    socket.abort();
  }

  @Test
  void firstPromptOpensASession() {
    var client = new Client();
    var socket = connect(client, "/api/v1/query/ws");
    socket.sendText("{\"type\": \"prompt\", \"prompt\": \"hi\", \"title\": \"t\"}", true).join();
    await().atMost(TIMEOUT).until(() -> client.messagesOfType("result").size() == 1);
    socket.sendText("{\"type\": \"prompt\", \"prompt\": \"and more\"}", true).join();
    await().atMost(TIMEOUT).until(() -> client.messagesOfType("result").size() == 2);
    socket.abort();
  }

  @Test
  void firstMessageMustBeAPrompt() {
    var client = new Client();
    connect(client, "/api/v1/query/ws").sendText("{\"type\": \"interrupt\"}", true).join();
    await().atMost(TIMEOUT).until(() -> client.closedWith == 1008);
    assertThat(client.messagesOfType("error").getFirst().path("code").asString())
        .isEqualTo("invalid_request");
  }

  @Test
  void missingSessionIsRejectedBeforeTheHandshake() {
    for (var path :
        List.of("/ws/sessions/" + SessionId.next(), "/ws/sessions/x", "/ws/" + SessionId.next()))
      assertThatThrownBy(() -> connect(new Client(), path))
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              exception -> assertThat(exception.getResponse().statusCode()).isEqualTo(404));
  }

  @Test
  void handshakeRequiresAKey() {
    var uri = URI.create("ws://127.0.0.1:" + server.port() + "/api/v1/query/ws");
    assertThatThrownBy(
            () -> server.client().newWebSocketBuilder().buildAsync(uri, new Client()).join())
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            exception -> assertThat(exception.getResponse().statusCode()).isEqualTo(401));
  }
}
