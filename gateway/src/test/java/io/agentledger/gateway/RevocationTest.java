package io.agentledger.gateway;

import static io.agentledger.scripted.ScriptedBackend.message;
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

/** After a credential was revoked, open connections are closed within five seconds. */
class RevocationTest {
  private static final Duration IN_TIME = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir Path home;
  private ApiTestServer server;
  private Caller ada;
  private String token;
  private SessionId session;

  @BeforeEach
  void open() {
    server = ApiTestServer.open(home);
    ada = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);
    server.backend().callers.add(ada);
    token = server.bean(ScriptedTokens.class).token(ada);
    session = server.openSession();
  }

  @AfterEach
  void close() {
    server.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.uri(path))
        .timeout(TIMEOUT)
        .header("Authorization", "Bearer " + token);
  }

  /** Follows a stream; completes with its lines when it has ended. */
  private CompletableFuture<String> follow() {
    var request = request("/api/v1/sessions/" + session + "/events?after=0").GET().build();
    var seen = new CompletableFuture<Void>();
    var all =
        server
            .client()
            .sendAsync(request, BodyHandlers.ofLines())
            .thenApplyAsync(
                response ->
                    response
                        .body()
                        .peek(line -> seen.complete(null))
                        .collect(Collectors.joining("\n")));
    seen.orTimeout(20, TimeUnit.SECONDS).join();
    return all;
  }

  @Test
  void streamEndsWithAnErrorWhenItsLoginEnds() throws Exception {
    var stream = follow();
    assertThat(stream).isNotDone();
    server.backend().callers.remove(ada);
    var reported = stream.get(IN_TIME.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(reported).contains("event: error").contains("\"code\":\"unauthorized\"");
    assertThat(server.send(request("/api/v1/status").GET()).statusCode()).isEqualTo(401);
  }

  @Test
  void streamEndsWhenItsCallersRoleChanges() throws Exception {
    var stream = follow();
    server.backend().callers.remove(ada);
    server
        .backend()
        .callers
        .add(Caller.ofUser(ada.tenant(), ada.user(), ada.credential(), Role.VIEWER));
    assertThat(stream.get(IN_TIME.toMillis(), TimeUnit.MILLISECONDS)).contains("event: error");
  }

  @Test
  void streamsOfOtherUsersContinue() throws Exception {
    var owners =
        server
            .client()
            .sendAsync(
                server.request("/api/v1/sessions/" + session + "/events?after=0").GET().build(),
                BodyHandlers.ofLines());
    var stream = follow();
    server.backend().callers.remove(ada);
    stream.get(IN_TIME.toMillis(), TimeUnit.MILLISECONDS);
    server.backend().appendEvent(session, null, message("still here"));
    try (var lines = owners.get(20, TimeUnit.SECONDS).body()) {
      assertThat(lines.anyMatch(line -> line.contains("still here"))).isTrue();
    }
  }

  @Test
  void streamEndsWhenTheShareIsRevoked() throws Exception {
    var stream = follow();
    server.backend().unshare(session, ada.user());
    var reported = stream.get(IN_TIME.toMillis(), TimeUnit.MILLISECONDS);
    assertThat(reported).contains("event: error").contains("session_not_found");
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
    server
        .client()
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + path), client)
        .join();
    return client;
  }

  @Test
  void webSocketIsClosedWithPolicyViolation() {
    var follows = connect("/ws/sessions/" + session + "?after=0");
    var silent = connect("/api/v1/query/ws");
    await().atMost(TIMEOUT).until(() -> !follows.messages.isEmpty());
    server.backend().callers.remove(ada);
    await()
        .atMost(IN_TIME)
        .untilAsserted(
            () ->
                assertThat(List.of(follows.closedWith, silent.closedWith))
                    .containsExactly(1008, 1008));
    assertThat(follows.messages.getLast()).contains("\"type\":\"error\"", "unauthorized");
  }

  @Test
  void rsocketConnectionIsAuthorizedPerRequestAndItsStreamsEnd() {
    var tcp = TcpClientTransport.create("127.0.0.1", server.rsocketPort());
    var setup = ByteBufPayload.create(Unpooled.EMPTY_BUFFER, RSocketTest.auth(token));
    var socket = RSocketTest.connect(tcp, setup);
    var route = "sessions." + session + ".get";
    assertThat(socket.requestResponse(RSocketTest.call(route, "")).block(TIMEOUT)).isNotNull();
    var begun = new CompletableFuture<Void>();
    var events =
        socket
            .requestStream(RSocketTest.call("sessions." + session + ".events", "{\"after\": 0}"))
            .map(RSocketTest::json)
            .doOnNext(item -> begun.complete(null))
            .collectList()
            .toFuture();
    begun.orTimeout(20, TimeUnit.SECONDS).join();
    server.backend().callers.remove(ada);
    assertThatThrownBy(() -> socket.requestResponse(RSocketTest.call(route, "")).block(TIMEOUT))
        .hasMessageContaining("unauthorized");
    assertThat(events)
        .succeedsWithin(IN_TIME)
        .satisfies(
            items -> assertThat(items.getLast().path("code").asString()).isEqualTo("unauthorized"));
    socket.dispose();
  }
}
