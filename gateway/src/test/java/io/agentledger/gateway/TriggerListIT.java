package io.agentledger.gateway;

import static io.agentledger.gateway.WebhookFixture.TRIGGERS;
import static io.agentledger.gateway.WebhookFixture.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Lists of triggers and of their versions, and tasks of other users. */
class TriggerListIT {
  private static final String HELLO = "\"prompt\": \"hello\"";

  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final WebhookFixture webhooks = new WebhookFixture(server);

  private static JsonNode trigger(String name, String provider, String task) {
    return webhooks.post(TRIGGERS, definition(name, provider, task), 201);
  }

  private static String definition(String name, String provider, String task) {
    return """
    {"name": "%s", "provider": "%s", "task_id": "%s", "condition": "event.type == 'none'",
     "signature": {"scheme": "shared_header", "header": "x-token", "secrets": [%s]}}"""
        .formatted(name, provider, task, webhooks.secret("a long secret"));
  }

  private static List<String> list(String filter) {
    return webhooks
        .get(TRIGGERS + "?" + filter)
        .path("items")
        .valueStream()
        .map(trigger -> trigger.path("name").asString())
        .toList();
  }

  @Test
  void listIsFiltered() {
    var task = webhooks.task(HELLO);
    var other = webhooks.task(HELLO);
    var first = trigger("Alerts of 50%", "alerts", task);
    trigger("Issues", "issues", task);
    trigger("Alerts", "alerts", other);
    assertThat(list("task_id=" + task)).containsExactly("Issues", "Alerts of 50%");
    assertThat(list("task_id=" + task + "&provider=alerts")).containsExactly("Alerts of 50%");
    assertThat(list("task_id=" + task + "&text=ISS")).containsExactly("Issues");
    assertThat(list("task_id=" + task + "&text=0%25")).containsExactly("Alerts of 50%");
    var path = TRIGGERS + "/" + first.path("id").asString();
    webhooks.post(path + "/pause", "", 200);
    assertThat(list("paused=true&task_id=" + task)).containsExactly("Alerts of 50%");
    assertThat(list("paused=false&task_id=" + task)).containsExactly("Issues");
    assertStatus(server.get(TRIGGERS + "?text=%20"), 400);
    assertThat(server.send(server.request(path).DELETE()).statusCode()).isEqualTo(204);
    await()
        .atMost(WebhookFixture.TIMEOUT)
        .untilAsserted(() -> assertThat(list("task_id=" + task)).containsExactly("Issues"));
    assertThat(list("include_archived=true&task_id=" + task)).hasSize(2);
  }

  @Test
  void versionsHaveTheirDefinitionsAndAuthors() {
    var task = webhooks.task(HELLO);
    var trigger = trigger("Before", "alerts", task);
    var path = TRIGGERS + "/" + trigger.path("id").asString();
    var change =
        server
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"1\"")
            .PUT(BodyPublishers.ofString(definition("After", "alerts", task)));
    assertStatus(server.send(change), 200);
    webhooks.post(path + "/pause", "", 200);
    var versions = webhooks.get(path + "/versions").path("items");
    assertThat(versions.valueStream().map(version -> version.path("version").asInt()))
        .containsExactly(2, 2, 1);
    assertThat(versions.valueStream().map(version -> version.path("name").asString()))
        .containsExactly("After", "After", "Before");
    assertThat(versions.at("/0/paused").asBoolean()).isTrue();
    assertThat(versions.at("/1/paused").asBoolean()).isFalse();
    assertThat(versions.at("/2/condition").asString()).isEqualTo("event.type == 'none'");
    assertThat(versions.at("/2/actor/id")).isEqualTo(trigger.path("owner_id"));
    var next = webhooks.get(path + "/versions?limit=2").path("next_cursor").asString();
    assertThat(webhooks.get(path + "/versions?limit=2&cursor=" + next).path("items")).hasSize(1);
  }

  @Test
  void taskOfAnotherUserMustNameVersionsOfTheirTemplatesAndAgents() {
    var token = member();
    var agent =
        postAs(
            token,
            "/api/v1/agents",
            "{\"name\": \"%s\", \"sharing\": \"tenant\"}".formatted(UUID.randomUUID()));
    var task =
        "{\"name\": \"Shared\", \"sharing\": \"tenant\", \"prompt\": \"hello\", \"session\": {%s}}";
    var reference = "\"agent_id\": " + agent.path("id");
    var open = postAs(token, "/api/v1/tasks", task.formatted(reference)).path("id").asString();
    var refused = webhooks.post(TRIGGERS, definition("Open", "alerts", open), 400);
    assertThat(refused.at("/errors/0/pointer").asString()).isEqualTo("/task_id");
    assertThat(refused.at("/errors/0/detail").asString()).contains("agent_version");
    var pinned =
        postAs(token, "/api/v1/tasks", task.formatted(reference + ", \"agent_version\": 1"));
    trigger("Pinned", "alerts", pinned.path("id").asString());
  }

  private static String member() {
    var email = UUID.randomUUID() + "@example.com";
    var invited =
        webhooks.post(
            "/api/v1/invitations",
            "{\"email\": \"%s\", \"role\": \"member\"}".formatted(email),
            201);
    var accepted =
        server.post(
            "/api/v1/invitations/accept",
            "{\"token\": \"%s\", \"name\": \"Bob\", \"password\": \"a password of twelve\"}"
                .formatted(invited.path("token").asString()));
    assertThat(accepted.statusCode()).as(accepted.body()).isBetween(200, 299);
    var login = "{\"email\": \"%s\", \"password\": \"a password of twelve\"}".formatted(email);
    return webhooks.post("/api/v1/auth/login", login, 200).path("access_token").asString();
  }

  private static JsonNode postAs(String token, String path, String body) {
    var request = server.requestAs(token, path).header("Content-Type", "application/json");
    return assertStatus(server.send(request.POST(BodyPublishers.ofString(body))), 201);
  }
}
