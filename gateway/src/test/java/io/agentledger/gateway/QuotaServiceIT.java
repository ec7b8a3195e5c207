package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits, usage and costs over REST, with all sides behind it. */
class QuotaServiceIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static ApiTestServer doors;

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    doors = ApiTestServer.house(home);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  private static String user(int sessions, String budget) {
    return """
        {"sessions": %d, "tasks": 5, "storage_mib": 100, "workspace_mib": 10,
         "calls_per_minute": 6000, "calls_per_hour": 100000%s}"""
        .formatted(sessions, budget);
  }

  private static String tenant(String budget) {
    return "{\"each\": %s%s}".formatted(user(3, ""), budget);
  }

  private static HttpResponse<String> put(String path, String tag, String body) {
    var request =
        doors
            .request(path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body));
    return doors.send(tag.isEmpty() ? request : request.header("If-Match", tag));
  }

  /** Somebody who was invited and came. */
  private static UserId somebody() {
    var email = UUID.randomUUID() + "@example.com";
    var invited =
        ApiTestServer.json(
            doors.post(
                "/api/v1/invitations", "{\"email\": \"" + email + "\", \"role\": \"member\"}"));
    var joined =
        doors.post(
            "/api/v1/invitations/accept",
            "{\"token\": \"%s\", \"name\": \"Bob\", \"password\": \"a password of twelve\"}"
                .formatted(invited.path("token").asString()));
    return new UserId(ApiTestServer.json(joined).path("user_id").asString());
  }

  @Test
  void everyAnswerSaysWhatIsLeftOfTheOwnersGenerousCalls() {
    var headers = doors.get("/api/v1/status").headers();
    assertThat(headers.firstValue("RateLimit-Policy").orElseThrow())
        .isEqualTo("\"minute\";q=60000;w=60, \"hour\";q=1000000;w=3600");
    assertThat(headers.firstValue("RateLimit").orElseThrow()).startsWith("\"minute\";r=5");
  }

  @Test
  void limitsAreChangedByWhoHasSeenThem() {
    var somebody = "/api/v1/users/" + somebody() + "/quota";
    var seen = doors.get(somebody);
    assertThat(seen.headers().firstValue("ETag")).hasValue("\"0\"");
    assertThat(ApiTestServer.json(seen).path("own").asBoolean()).isFalse();
    assertThat(put(somebody, "", user(1, "")).statusCode()).isEqualTo(428);
    var limited = ", \"budget_usd\": \"12.5\", \"at_limit\": \"ignore\"";
    var changed = put(somebody, "\"0\"", user(1, limited));
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(changed.headers().firstValue("ETag")).hasValue("\"1\"");
    var limits = ApiTestServer.json(doors.get(somebody)).path("limits");
    assertThat(limits.path("sessions").asInt()).isEqualTo(1);
    assertThat(limits.path("budget").path("limit").asString()).isEqualTo("12.5");
    assertThat(limits.path("budget").path("at_limit").asString()).isEqualTo("ignore");
    var passed = put(somebody, "\"0\"", user(2, limited));
    assertThat(passed.statusCode()).as(passed.body()).isEqualTo(412);
    var removed = doors.send(doors.request(somebody).header("If-Match", "\"1\"").DELETE());
    assertThat(removed.statusCode()).as(removed.body()).isEqualTo(200);
    assertThat(ApiTestServer.json(removed).path("own").asBoolean()).isFalse();
  }

  @Test
  void theTenantsLimitsAreThoseOfAllWithoutTheirOwn() {
    var tag = doors.get("/api/v1/quotas").headers().firstValue("ETag").orElseThrow();
    var changed = put("/api/v1/quotas", tag, tenant(""));
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    var somebody = doors.get("/api/v1/users/" + somebody() + "/quota");
    assertThat(ApiTestServer.json(somebody).path("limits").path("sessions").asInt()).isEqualTo(3);
    var mine = ApiTestServer.json(doors.get("/api/v1/quotas/me"));
    assertThat(mine.path("limits").path("sessions").asInt()).isEqualTo(256);
  }

  @Test
  void nonsenseIsNamed() {
    var refused = put("/api/v1/quotas", "\"0\"", tenant(", \"budget_usd\": \"-1\""));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("/budget_usd");
    var tooFew = put("/api/v1/quotas", "\"0\"", "{}");
    assertThat(tooFew.statusCode()).isEqualTo(400);
  }

  @Test
  void whatARunUsedIsRolledUp() {
    var answer =
        doors.send(
            doors
                .request("/api/v1/query/single")
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"prompt\": \"hello\"}")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var run = ApiTestServer.json(answer);
    var path = "/api/v1/costs?by=run&session=" + run.path("session_id").asString();
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () -> {
              var answered = doors.get(path);
              assertThat(answered.statusCode()).as(answered.body()).isEqualTo(200);
              var costs = ApiTestServer.json(answered).path("items");
              assertThat(costs.size()).isEqualTo(1);
              assertThat(costs.path(0).path("key").asString()).isEqualTo(run.path("id").asString());
              assertThat(costs.path(0).path("usage")).isEqualTo(run.path("usage"));
              assertThat(costs.path(0).path("models").size()).isPositive();
            });
    for (var by : java.util.List.of("day", "user", "agent", "session", "model"))
      assertThat(ApiTestServer.json(doors.get("/api/v1/costs?by=" + by)).path("items").size())
          .as(by)
          .isPositive();
    assertThat(doors.get("/api/v1/costs?by=colour").statusCode()).isEqualTo(400);
    assertThat(doors.get("/api/v1/costs?from=yesterday").statusCode()).isEqualTo(400);
    await()
        .atMost(TIMEOUT)
        .untilAsserted(
            () ->
                assertThat(
                        ApiTestServer.json(doors.get("/api/v1/usage"))
                            .path("tenant")
                            .path("sessions")
                            .asInt())
                    .isZero());
  }
}
