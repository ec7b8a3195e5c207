package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Role;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.authorization.AuthorizationFixture.TestUser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A query that is repeated with its idempotency key is streamed again, unless its caller may no
 * longer see the session.
 */
class RepeatedQueryIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final String SESSIONS = "/api/v1/sessions";
  private static TestUser admin;
  private static TestUser member;
  private final String key = UUID.randomUUID().toString();
  private String session;

  @BeforeAll
  static void join() {
    var fixture = new AuthorizationFixture(server);
    var tenant = fixture.createTenant();
    admin = fixture.join(tenant, Role.ADMIN);
    member = fixture.join(tenant, Role.MEMBER);
  }

  @BeforeEach
  void open() {
    var opened = send(admin, "POST", SESSIONS, "{}");
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    session = SESSIONS + "/" + ApiTestServer.json(opened).path("id").asString();
  }

  private static HttpResponse<String> send(TestUser user, String method, String path, String body) {
    return server.send(
        server
            .requestAs(user.bearer(), path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> query(TestUser user, String accept) {
    return server.send(
        server
            .requestAs(user.bearer(), session + "/query")
            .headers("Content-Type", "application/json", "Accept", accept)
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString("{\"prompt\": \"hello\"}")));
  }

  /** Sends the query, or repeats it, and returns its events without the transient ones. */
  private List<String> stream(TestUser user) {
    var response = query(user, "text/event-stream");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response
        .body()
        .lines()
        .filter(line -> line.startsWith("id: ") || line.startsWith("event: done"))
        .toList();
  }

  private void assertNotFound(TestUser user) {
    for (var accept : List.of("text/event-stream", "application/json")) {
      var response = query(user, accept);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(404);
      assertThat(ApiTestServer.json(response).path("code").asString())
          .isEqualTo("session_not_found");
      assertThat(response.headers().firstValue("X-Query-Id")).isEmpty();
    }
  }

  @Test
  void queryIsNotRepeatedAfterTheDeletionOfItsSession() {
    var first = stream(admin);
    assertThat(first).hasSizeGreaterThan(2).endsWith("event: done");
    assertThat(stream(admin)).isEqualTo(first);
    assertThat(send(admin, "POST", session + "/close", "").statusCode()).isEqualTo(200);
    assertThat(stream(admin)).isEqualTo(first);
    assertThat(send(admin, "DELETE", session, "").statusCode()).isEqualTo(204);
    assertNotFound(admin);
  }

  @Test
  void queryIsNotRepeatedAfterTheEndOfItsShare() {
    var share = session + "/shares/" + member.user();
    var shared = send(admin, "PUT", share, "{\"access\": \"write\"}");
    assertThat(shared.statusCode()).as(shared.body()).isEqualTo(204);
    var first = stream(member);
    assertThat(stream(member)).isEqualTo(first);
    assertThat(send(admin, "DELETE", share, "").statusCode()).isEqualTo(204);
    assertNotFound(member);
  }
}
