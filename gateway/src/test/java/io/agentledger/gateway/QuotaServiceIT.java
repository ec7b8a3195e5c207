package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits, usage and costs over REST, with all modules. */
class QuotaServiceIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static ApiTestServer server;

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    server = ApiTestServer.openService(home);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static String user(int sessions, String budget) {
    return """
        {"sessions": %d, "tasks": 5, "storage_mib": 100, "workspace_mib": 10,
         "calls_per_minute": 6000, "calls_per_hour": 100000%s}"""
        .formatted(sessions, budget);
  }

  private static String tenant(String budget) {
    return "{\"executions\": 7, \"per_user\": %s%s}".formatted(user(3, ""), budget);
  }

  private static HttpResponse<String> put(String path, String tag, String body) {
    var request =
        server
            .request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body));
    return server.send(tag.isEmpty() ? request : request.header("If-Match", tag));
  }

  /** Creates a user by invitation. */
  private static UserId somebody() {
    var email = UUID.randomUUID() + "@example.com";
    var invited =
        ApiTestServer.json(
            server.post(
                "/api/v1/invitations", "{\"email\": \"" + email + "\", \"role\": \"member\"}"));
    var joined =
        server.post(
            "/api/v1/invitations/accept",
            "{\"token\": \"%s\", \"name\": \"Bob\", \"password\": \"a password of twelve\"}"
                .formatted(invited.path("token").asString()));
    return new UserId(ApiTestServer.json(joined).path("user_id").asString());
  }

  @Test
  void everyResponseHasTheOwnersRemainingCalls() {
    var headers = server.get("/api/v1/status").headers();
    assertThat(headers.firstValue("RateLimit-Policy").orElseThrow())
        .isEqualTo("\"minute\";q=60000;w=60, \"hour\";q=1000000;w=3600");
    assertThat(headers.firstValue("RateLimit").orElseThrow()).startsWith("\"minute\";r=5");
  }

  @Test
  void limitsAreChangedOnlyBasedOnTheCurrentVersion() {
    var somebody = "/api/v1/users/" + somebody() + "/quota";
    var seen = server.get(somebody);
    assertThat(seen.headers().firstValue("ETag")).hasValue("\"0\"");
    assertThat(ApiTestServer.json(seen).path("is_custom").asBoolean()).isFalse();
    var unconditional = put(somebody, "", user(1, ""));
    assertThat(unconditional.statusCode()).isEqualTo(428);
    assertThat(ApiTestServer.json(unconditional).path("detail").asString())
        .isEqualTo("The If-Match header is missing. Send the ETag of the last response.");
    var limited = ", \"budget_usd\": \"12.5\", \"on_exceeded\": \"ignore\"";
    var changed = put(somebody, "\"0\"", user(1, limited));
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(changed.headers().firstValue("ETag")).hasValue("\"1\"");
    var limits = ApiTestServer.json(server.get(somebody)).path("limits");
    assertThat(limits.path("sessions").asInt()).isEqualTo(1);
    assertThat(limits.path("budget").path("limit_usd").asString()).isEqualTo("12.5");
    assertThat(limits.path("budget").path("on_exceeded").asString()).isEqualTo("ignore");
    var passed = put(somebody, "\"0\"", user(2, limited));
    assertThat(passed.statusCode()).as(passed.body()).isEqualTo(412);
    var removed = server.send(server.request(somebody).header("If-Match", "\"1\"").DELETE());
    assertThat(removed.statusCode()).as(removed.body()).isEqualTo(200);
    assertThat(ApiTestServer.json(removed).path("is_custom").asBoolean()).isFalse();
  }

  @Test
  void tenantLimitsApplyToUsersWithoutTheirOwn() {
    var tag = server.get("/api/v1/quota").headers().firstValue("ETag").orElseThrow();
    var changed = put("/api/v1/quota", tag, tenant(""));
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(ApiTestServer.json(changed).at("/limits/executions").asInt()).isEqualTo(7);
    var somebody = server.get("/api/v1/users/" + somebody() + "/quota");
    assertThat(ApiTestServer.json(somebody).path("limits").path("sessions").asInt()).isEqualTo(3);
    var mine = ApiTestServer.json(server.get("/api/v1/quota/me"));
    assertThat(mine.path("limits").path("sessions").asInt()).isEqualTo(256);
  }

  @Test
  void limitsThatAreShownAreTakenBack() {
    var path = "/api/v1/users/" + somebody() + "/quota";
    var limited = ", \"budget_usd\": \"12.5\", \"on_exceeded\": \"ignore\"";
    put(path, "\"0\"", user(1, limited));
    var shown = ApiTestServer.json(server.get(path)).path("limits");
    var changed = put(path, "\"1\"", shown.toString());
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(ApiTestServer.json(changed).path("limits")).isEqualTo(shown);

    var tenant = server.get("/api/v1/quota");
    var tag = tenant.headers().firstValue("ETag").orElseThrow();
    var limits = ApiTestServer.json(tenant).path("limits");
    var repeated = put("/api/v1/quota", tag, limits.toString());
    assertThat(repeated.statusCode()).as(repeated.body()).isEqualTo(200);
    assertThat(ApiTestServer.json(repeated).path("limits")).isEqualTo(limits);
  }

  @Test
  void rejectsInvalidLimitsByName() {
    var both = ", \"budget\": {\"type\": \"unlimited\"}, \"budget_usd\": \"1\"";
    assertThat(put("/api/v1/quota", "\"0\"", tenant(both)).body()).contains("\"/budget\"");
    var withoutSessions = "{\"per_user\": " + user(3, "").replace("\"sessions\": 3,", "") + "}";
    assertThat(put("/api/v1/quota", "\"0\"", withoutSessions).body())
        .contains("/per_user/sessions", "is required");
    var refused = put("/api/v1/quota", "\"0\"", tenant(", \"budget_usd\": \"-1\""));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("/budget_usd");
    var tooFew = put("/api/v1/quota", "\"0\"", "{}");
    assertThat(tooFew.statusCode()).isEqualTo(400);
  }

  @Test
  void budgetOfASessionIsRemovedByAnExplicitNullOnly() {
    var opened = server.post("/api/v1/sessions", "{\"budget_usd\": \"5\"}");
    var session = "/api/v1/sessions/" + ApiTestServer.json(opened).path("id").asString();
    var empty = put(session + "/budget", "", "{}");
    assertThat(empty.statusCode()).as(empty.body()).isEqualTo(400);
    assertThat(empty.body()).contains("/budget_usd", "is required; null is permitted");
    assertThat(server.get(session).body()).contains("\"limit_usd\":\"5\"");

    var removed = put(session + "/budget", "", "{\"budget_usd\": null}");
    assertThat(removed.statusCode()).as(removed.body()).isEqualTo(200);
    assertThat(server.get(session).body()).doesNotContain("\"limit_usd\":\"5\"");
  }

  @Test
  void usageOfARunIsAggregated() {
    var response =
        server.send(
            server
                .request("/api/v1/query/single")
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"prompt\": \"hello\"}")));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    var run = ApiTestServer.json(response);
    var path = "/api/v1/costs?group_by=run&session_id=" + run.path("session_id").asString();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              var answered = server.get(path);
              assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
              var costs = ApiTestServer.json(answered).path("items");
              assertThat(costs.size()).isEqualTo(1);
              assertThat(costs.path(0).path("key").asString()).isEqualTo(run.path("id").asString());
              assertThat(costs.path(0).path("usage")).isEqualTo(run.path("usage"));
              assertThat(costs.path(0).path("models").size()).isPositive();
            });
    for (var groupBy : List.of("day", "user", "agent", "execution", "session", "model"))
      assertThat(
              ApiTestServer.json(server.get("/api/v1/costs?group_by=" + groupBy))
                  .path("items")
                  .size())
          .as(groupBy)
          .isPositive();
    assertThat(server.get("/api/v1/costs?group_by=colour").statusCode()).isEqualTo(400);
    assertThat(server.get("/api/v1/costs?from=yesterday").statusCode()).isEqualTo(400);
    var histogram =
        ApiTestServer.json(
            server.get(
                "/api/v1/costs/histogram?unit=session&session_id="
                    + run.path("session_id").asString()));
    assertThat(histogram.path("count").asInt()).isOne();
    assertThat(histogram.path("buckets").path(0).path("up_to_usd").asString()).isEqualTo("0");
    assertThat(server.get("/api/v1/costs/histogram?unit=day").statusCode()).isEqualTo(400);
    assertThat(server.get("/api/v1/costs/histogram?task_id=x").statusCode()).isEqualTo(400);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(
                        ApiTestServer.json(server.get("/api/v1/usage"))
                            .path("tenant")
                            .path("sessions")
                            .asInt())
                    .isZero());
  }
}
