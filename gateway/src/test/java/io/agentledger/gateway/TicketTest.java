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

/** A page opens a WebSocket with a one-time ticket, because it cannot set headers. */
class TicketTest {
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static JsonNode ticket() {
    var response = server.post("/api/v1/auth/tickets", "");
    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
    return ApiTestServer.json(response);
  }

  private static final class Client implements WebSocket.Listener {
    final StringBuffer received = new StringBuffer();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      received.append(data);
      socket.request(1);
      return null;
    }
  }

  private static WebSocket connect(Client client, String subProtocol, String... more) {
    var path = "/ws/sessions/" + server.openSession() + "?after=0";
    return server
        .client()
        .newWebSocketBuilder()
        .subprotocols(subProtocol, more)
        .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + path), client)
        .join();
  }

  @Test
  void ticketOpensOneSocket() {
    var ticket = ticket();
    assertThat(ticket.path("expires_in").asInt()).isEqualTo(30);
    var name = ticket.path("sub_protocol").asString();
    assertThat(name).isEqualTo("agentledger.ticket." + ticket.path("ticket").asString());
    var client = new Client();
    var socket = connect(client, name);
    assertThat(socket.getSubprotocol()).isEqualTo(name);
    await().until(() -> client.received.toString().contains("\"sequence\":1"));
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
  void ticketWorksWithOtherSubProtocols() {
    var name = ticket().path("sub_protocol").asString();
    var socket = connect(new Client(), "agentledger.v1", name);
    assertThat(socket.getSubprotocol()).isEqualTo(name);
    socket.abort();
  }

  @Test
  void rejectsInvalidTickets() {
    assertRefused("agentledger.ticket.");
    assertRefused("agentledger.ticket.made-up");
    assertRefused("agentledger.ticket." + "x".repeat(4_000));
  }

  @Test
  void ticketIsForSocketsOnlyAndNotAcceptedInUrls() {
    var ticket = ticket().path("ticket").asString();
    var request = HttpRequest.newBuilder(server.uri("/api/v1/status"));
    var header = request.copy().header("Sec-WebSocket-Protocol", "agentledger.ticket." + ticket);
    assertThat(server.send(header.GET()).statusCode()).isEqualTo(401);
    var url = HttpRequest.newBuilder(server.uri("/api/v1/status?ticket=" + ticket));
    assertThat(server.send(url.GET()).statusCode()).isEqualTo(401);
    var key = request.copy().header("Authorization", "Bearer " + ticket);
    assertThat(server.send(key.GET()).statusCode()).isEqualTo(401);
  }

  @Test
  void ticketEndsWithItsCredential() {
    var ada = Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.MEMBER);
    server.backend().callers.add(ada);
    var response =
        server.send(
            HttpRequest.newBuilder(server.uri("/api/v1/auth/tickets"))
                .header("Authorization", "Bearer " + server.bean(ScriptedTokens.class).token(ada))
                .POST(BodyPublishers.noBody()));
    server.backend().callers.remove(ada);
    assertRefused(ApiTestServer.json(response).path("sub_protocol").asString());
  }
}
