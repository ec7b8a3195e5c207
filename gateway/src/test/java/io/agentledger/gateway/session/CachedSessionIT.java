package io.agentledger.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Reads of a session that the node has in memory: never older than what the caller knows of. */
class CachedSessionIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final int CHANGES = 100;

  private final String session = "/api/v1/sessions/" + server.openSession();

  @Test
  void callersSeeTheirChangesWhileOthersRead() throws Exception {
    var ended = new AtomicBoolean();
    try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 4; i++)
        readers.submit(
            () -> {
              while (!ended.get()) server.get(session);
            });
      var watcher = readers.submit(() -> readAfterEachEvent(ended));
      try {
        for (int change = 0; change < CHANGES; change++) {
          put(session + "/title", "{\"title\": \"Title %d\"}".formatted(change));
          for (int read = 0; read < 3; read++)
            assertThat(ApiTestServer.json(server.get(session)).path("title").asString())
                .isEqualTo("Title " + change);
        }
      } finally {
        ended.set(true);
      }
      assertThat(watcher.get()).isPositive();
    }
  }

  /** Returns how often the session was read after its events. */
  private int readAfterEachEvent(AtomicBoolean ended) {
    int count = 0;
    for (long seen = 0; !ended.get(); count++) {
      var events = server.get(session + "/events?format=json&after=" + seen);
      for (var event : ApiTestServer.json(events).path("items"))
        seen = event.path("sequence").asLong();
      assertThat(ApiTestServer.json(server.get(session)).path("sequence").asLong())
          .isGreaterThanOrEqualTo(seen);
    }
    return count;
  }

  @Test
  void othersSeeWhatIsSharedWithThemAsLongAsItIs() {
    String bob = member().token();
    for (int i = 0; i < 3; i++) {
      assertThat(server.get(session).statusCode()).isEqualTo(200);
      assertThat(statusFor(bob)).isEqualTo(404);
      put(session + "/shares/tenant", "{\"access\": \"read\"}");
      assertThat(statusFor(bob)).isEqualTo(200);
      assertThat(server.send(server.request(session + "/shares/tenant").DELETE()).statusCode())
          .isLessThan(300);
      assertThat(statusFor(bob)).isEqualTo(404);
    }
  }

  @Test
  void streamsOfTheFormerOwnerEndAfterATransfer() throws Exception {
    var bob = member();
    var opened =
        server.send(
            server
                .requestAs(bob.token(), "/api/v1/sessions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    var path = "/api/v1/sessions/" + ApiTestServer.json(opened).path("id").asString();
    var request = server.requestAs(bob.token(), path + "/events?after=0").GET().build();
    try (var lines = server.client().send(request, BodyHandlers.ofLines()).body()) {
      var body = "{\"user_id\": \"%s\"}".formatted(member().id());
      put(path + "/owner", body);
      var ended =
          CompletableFuture.supplyAsync(
              () -> lines.anyMatch(line -> line.contains("session_not_found")));
      assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void deletedSessionIsGone() {
    put(session + "/title", "{\"title\": \"Secret\"}");
    assertThat(server.get(session).body()).contains("Secret");
    assertThat(server.send(server.request(session).DELETE()).statusCode()).isLessThan(300);
    assertThat(server.get(session).body()).doesNotContain("Secret");
  }

  private static void put(String path, String body) {
    HttpRequest.Builder request =
        server
            .request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body));
    assertThat(server.send(request).statusCode()).isLessThan(300);
  }

  private int statusFor(String credential) {
    return server.send(server.requestAs(credential, session).GET()).statusCode();
  }

  /** Another member of the tenant, with an access token. */
  private record Member(String id, String token) {}

  private static Member member() {
    var email = UUID.randomUUID() + "@example.com";
    var invited =
        server.post(
            "/api/v1/invitations", "{\"email\": \"%s\", \"role\": \"member\"}".formatted(email));
    var accepted =
        server.post(
            "/api/v1/invitations/accept",
            "{\"token\": \"%s\", \"name\": \"Bob\", \"password\": \"a password of twelve\"}"
                .formatted(ApiTestServer.json(invited).path("token").asString()));
    var login =
        server.post(
            "/api/v1/auth/login",
            "{\"email\": \"%s\", \"password\": \"a password of twelve\"}".formatted(email));
    return new Member(
        ApiTestServer.json(accepted).path("user_id").asString(),
        ApiTestServer.json(login).path("access_token").asString());
  }
}
