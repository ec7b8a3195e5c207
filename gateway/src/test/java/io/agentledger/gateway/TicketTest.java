package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.scripted.ScriptedTokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A page opens a socket with a ticket, for it can send no header; once. */
class TicketTest {
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) {
    doors = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  private static JsonNode ticket() {
    var answer = doors.post("/api/v1/auth/tickets", "");
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    return ApiTestServer.json(answer);
  }

  private static final class Client implements WebSocket.Listener {
    final StringBuffer heard = new StringBuffer();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      heard.append(data);
      socket.request(1);
      return null;
    }
  }

  private static WebSocket connect(Client client, String subProtocol, String... more) {
    var path = "/ws/sessions/" + doors.openSession() + "?after=0";
    return doors
        .client()
        .newWebSocketBuilder()
        .subprotocols(subProtocol, more)
        .buildAsync(URI.create("ws://127.0.0.1:" + doors.port() + path), client)
        .join();
  }

  @Test
  void aTicketOpensOneSocket() {
    var ticket = ticket();
    assertThat(ticket.path("expires_in").asInt()).isEqualTo(30);
    var name = ticket.path("sub_protocol").asString();
    assertThat(name).isEqualTo("agentledger.ticket." + ticket.path("ticket").asString());
    var client = new Client();
    var socket = connect(client, name);
    assertThat(socket.getSubprotocol()).isEqualTo(name);
    await().until(() -> client.heard.toString().contains("\"sequence\":1"));
    socket.abort();
    assertRefused(name);
  }

  private static void assertRefused(String subProtocol) {
    assertThatThrownBy(() -> connect(new Client(), subProtocol))
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(WebSocketHandshakeException.class)
        .cause()
        .satisfies(
            refused ->
                assertThat(((WebSocketHandshakeException) refused).getResponse().statusCode())
                    .isEqualTo(401));
  }

  @Test
  void aTicketMayStandBesideOtherSubProtocols() {
    var name = ticket().path("sub_protocol").asString();
    var socket = connect(new Client(), "agentledger.v1", name);
    assertThat(socket.getSubprotocol()).isEqualTo(name);
    socket.abort();
  }

  @Test
  void whatIsNoTicketOpensNothing() {
    assertRefused("agentledger.ticket.");
    assertRefused("agentledger.ticket.made-up");
    assertRefused("agentledger.ticket." + "x".repeat(4_000));
  }

  @Test
  void aTicketIsForSocketsOnlyAndNotInAddresses() {
    var ticket = ticket().path("ticket").asString();
    var request = HttpRequest.newBuilder(doors.uri("/api/v1/status"));
    var header = request.copy().header("Sec-WebSocket-Protocol", "agentledger.ticket." + ticket);
    assertThat(doors.send(header.GET()).statusCode()).isEqualTo(401);
    var url = HttpRequest.newBuilder(doors.uri("/api/v1/status?ticket=" + ticket));
    assertThat(doors.send(url.GET()).statusCode()).isEqualTo(401);
    var key = request.copy().header("Authorization", "Bearer " + ticket);
    assertThat(doors.send(key.GET()).statusCode()).isEqualTo(401);
  }

  @Test
  void aTicketCountsNoLongerThanWhatItWasMadeWith() {
    var ada = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);
    doors.sides().callers.add(ada);
    var answer =
        doors.send(
            HttpRequest.newBuilder(doors.uri("/api/v1/auth/tickets"))
                .header("Authorization", "Bearer " + doors.bean(ScriptedTokens.class).token(ada))
                .POST(BodyPublishers.noBody()));
    doors.sides().callers.remove(ada);
    assertRefused(ApiTestServer.json(answer).path("sub_protocol").asString());
  }
}
