package io.agentledger.gateway;

import static io.agentledger.scripted.ScriptedSides.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.scripted.ScriptedTokens;
import io.netty.buffer.Unpooled;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.util.ByteBufPayload;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose credential does not count any more is out: of what is open, too, within five seconds. */
class RevocationTest {
  private static final Duration IN_TIME = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path home;
  private ApiTestServer doors;
  private Caller ada;
  private String token;
  private SessionId session;

  @BeforeEach
  void open() {
    doors = ApiTestServer.open(home);
    ada = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);
    doors.sides().callers.add(ada);
    token = doors.bean(ScriptedTokens.class).token(ada);
    session = doors.openSession();
  }

  @AfterEach
  void close() {
    doors.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(doors.uri(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token);
  }

  /** The lines of a stream, complete when it has ended. */
  private CompletableFuture<String> follow() {
    var request = request("/api/v1/sessions/" + session + "/events?after=0").GET().build();
    var seen = new CompletableFuture<Void>();
    var all =
        doors
            .client()
            .sendAsync(request, BodyHandlers.ofLines())
            .thenApplyAsync(
                answer ->
                    answer
                        .body()
                        .peek(line -> seen.complete(null))
                        .collect(Collectors.joining("\n")));
    seen.orTimeout(20, TimeUnit.SECONDS).join();
    return all;
  }

  @Test
  void aStreamEndsWithAnErrorWhenItsLoginDoes() throws Exception {
    var story = follow();
    assertThat(story).isNotDone();
    doors.sides().callers.remove(ada);
    var told = story.get(IN_TIME.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(told).contains("event: error").contains("\"code\":\"unauthorized\"");
    assertThat(doors.send(request("/api/v1/status").GET()).statusCode()).isEqualTo(401);
  }

  @Test
  void aStreamEndsWhenItsCallerMayDoSomethingElseNow() throws Exception {
    var story = follow();
    doors.sides().callers.remove(ada);
    doors
        .sides()
        .callers
        .add(Caller.ofUser(ada.tenant(), ada.user(), ada.credential(), Role.VIEWER));
    assertThat(story.get(IN_TIME.toMillis(), TimeUnit.MILLISECONDS)).contains("event: error");
  }

  @Test
  void theStreamsOfOthersGoOn() throws Exception {
    var owners =
        doors
            .client()
            .sendAsync(
                doors.request("/api/v1/sessions/" + session + "/events?after=0").GET().build(),
                BodyHandlers.ofLines());
    var story = follow();
    doors.sides().callers.remove(ada);
    story.get(IN_TIME.toMillis(), TimeUnit.MILLISECONDS);
    doors.sides().fact(session, null, message("still here"));
    try (var lines = owners.get(20, TimeUnit.SECONDS).body()) {
      assertThat(lines.anyMatch(line -> line.contains("still here"))).isTrue();
    }
  }

  @Test
  void aStreamEndsWhenTheShareIsTakenBack() throws Exception {
    var story = follow();
    doors.sides().unshare(session, ada.user());
    var told = story.get(IN_TIME.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(told).contains("event: error").contains("session_not_found");
  }

  private static final class Client implements WebSocket.Listener {
    final List<String> messages = new CopyOnWriteArrayList<>();
    volatile int closedWith;

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      messages.add(data.toString());
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closedWith = status;
      return null;
    }
  }

  private Client connect(String path) {
    var client = new Client();
    doors
        .client()
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .buildAsync(URI.create("ws://127.0.0.1:" + doors.port() + path), client)
        .join();
    return client;
  }

  @Test
  void aSocketIsClosedForItsPolicy() {
    var follows = connect("/ws/sessions/" + session + "?after=0");
    var silent = connect("/api/v1/query/ws");
    await().atMost(TIMEOUT).until(() -> !follows.messages.isEmpty());
    doors.sides().callers.remove(ada);
    await()
        .atMost(IN_TIME)
        .untilAsserted(
            () ->
                assertThat(List.of(follows.closedWith, silent.closedWith))
                    .containsExactly(1008, 1008));
    assertThat(follows.messages.getLast()).contains("\"type\":\"error\"", "unauthorized");
  }

  @Test
  void aConnectionOnRSocketCountsForEveryRequestAnewAndItsStreamsEnd() {
    var tcp = TcpClientTransport.create("127.0.0.1", doors.rsocketPort());
    var setup = ByteBufPayload.create(Unpooled.EMPTY_BUFFER, RSocketTest.auth(token));
    var socket = RSocketTest.connect(tcp, setup);
    var which = "{\"id\": \"" + session + "\"}";
    assertThat(socket.requestResponse(RSocketTest.call("sessions.get", which)).block(TIMEOUT))
        .isNotNull();
    var begun = new CompletableFuture<Void>();
    var story =
        socket
            .requestStream(RSocketTest.call("sessions." + session + ".events", "{\"after\": 0}"))
            .map(RSocketTest::json)
            .doOnNext(item -> begun.complete(null))
            .collectList()
            .toFuture();
    begun.orTimeout(20, TimeUnit.SECONDS).join();
    doors.sides().callers.remove(ada);
    assertThatThrownBy(
            () -> socket.requestResponse(RSocketTest.call("sessions.get", which)).block(TIMEOUT))
        .hasMessageContaining("unauthorized");
    assertThat(story)
        .succeedsWithin(IN_TIME)
        .satisfies(
            items -> assertThat(items.getLast().path("code").asString()).isEqualTo("unauthorized"));
    socket.dispose();
  }
}
