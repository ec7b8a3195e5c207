package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Lists contain what their reader has created, and nothing that they have deleted, at once. */
class OwnWritesIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final int REPETITIONS = 5; // The read model is in time now and then.

  @ParameterizedTest
  @ValueSource(strings = {"environments", "subscriptions", "report-schedules"})
  void deletedResourcesAreNotListed(String list) {
    for (int i = 0; i < REPETITIONS; i++) {
      var id = create(list, body(list)).path("id").asString();
      assertThat(items(list)).contains(id);
      delete(list + "/" + id);
      assertThat(items(list)).doesNotContain(id);
    }
  }

  private static String body(String list) {
    return switch (list) {
      case "environments" -> "{\"name\": \"%s\"}".formatted(UUID.randomUUID());
      case "subscriptions" ->
          """
          {"name": "runs", "event_types": ["run.completed"], "url": "https://example.com/x"}
          """;
      default ->
          """
          {"name": "Yearly", "expression": "0 0 1 1 *", "type": "usage",
            "period": "previous_month"}
          """;
    };
  }

  @Test
  void invitationsAreListedAndRevokedAtOnce() {
    for (int i = 0; i < REPETITIONS; i++) {
      var id = invite().path("invitation_id").asString();
      assertThat(statusOfInvitation(id)).isEqualTo("pending");
      delete("invitations/" + id);
      assertThat(statusOfInvitation(id)).isEqualTo("revoked");
    }
  }

  @Test
  void usersWhoHaveJoinedAreListed() {
    for (int i = 0; i < REPETITIONS; i++) {
      var joined =
          create(
              "invitations/accept",
              "{\"token\": \"%s\", \"name\": \"Bob\", \"password\": \"a password of twelve\"}"
                  .formatted(invite().path("token").asString()));
      assertThat(items("users?limit=500")).contains(joined.path("user_id").asString());
    }
  }

  @Test
  void actionsOfClosedSessionsAreNotListed() {
    var session = server.openSession().value();
    create("sessions/" + session + "/query", "{\"prompt\": \"scenario: ask-write\"}");
    await().atMost(Duration.ofSeconds(90)).until(() -> items("pending-actions").contains(session));
    create("sessions/" + session + "/close", "");
    assertThat(items("pending-actions")).doesNotContain(session);
  }

  private static JsonNode invite() {
    return create(
        "invitations",
        "{\"email\": \"%s@example.com\", \"role\": \"member\"}".formatted(UUID.randomUUID()));
  }

  private static String statusOfInvitation(String id) {
    return ApiTestServer.json(server.get("/api/v1/invitations"))
        .path("items")
        .valueStream()
        .filter(invitation -> invitation.path("id").asString().equals(id))
        .map(invitation -> invitation.path("status").asString())
        .findFirst()
        .orElse("not listed");
  }

  private static JsonNode create(String path, String body) {
    var response = server.post("/api/v1/" + path, body);
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 202);
    return ApiTestServer.json(response);
  }

  private static void delete(String path) {
    var request = server.request("/api/v1/" + path).DELETE();
    assertThat(server.send(request).statusCode()).isEqualTo(204);
  }

  private static String items(String list) {
    return ApiTestServer.json(server.get("/api/v1/" + list)).path("items").toString();
  }
}
