package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.UserId;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A response about shares and owners follows the query that waits for the read model, so that the
 * next request of another user sees the change.
 */
class SessionSharingTest {
  private static ApiTestServer server;
  private static String session;

  @BeforeAll
  static void open(@TempDir Path home) {
    server = ApiTestServer.open(home);
    session = "/api/v1/sessions/" + server.openSession();
  }

  @AfterAll
  static void close() {
    server.close();
  }

  @BeforeEach
  void clear() {
    server.backend().sharing.clear();
  }

  private static void assertAwaited(String method, String path, String body, int status) {
    var response =
        server.send(
            server
                .request(session + path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(server.backend().sharing)
        .extracting(message -> message.getClass().getSimpleName())
        .hasSize(2)
        .last()
        .isEqualTo("ListShares");
  }

  @Test
  void shareWithAUserIsAwaited() {
    assertAwaited("PUT", "/shares/" + UserId.next(), "{\"access\": \"read\"}", 204);
  }

  @Test
  void shareWithTheTenantIsAwaited() {
    assertAwaited("PUT", "/shares/tenant", "{\"access\": \"write\"}", 204);
  }

  @Test
  void endOfAShareIsAwaited() {
    assertAwaited("DELETE", "/shares/" + UserId.next(), "", 204);
  }

  @Test
  void endOfTheShareWithTheTenantIsAwaited() {
    assertAwaited("DELETE", "/shares/tenant", "", 204);
  }

  @Test
  void newOwnerIsAwaited() {
    assertAwaited("PUT", "/owner", "{\"user_id\": \"" + UserId.next() + "\"}", 200);
  }
}
