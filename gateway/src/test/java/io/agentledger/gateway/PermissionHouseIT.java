package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Policies over REST, in the whole house: what a client wrote is what the CLI is told. */
class PermissionHouseIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String POLICIES = "/api/v1/policies";
  private static final String NO_NONCES =
      """
      {"name": "house rules", "rules": [{"name": "no-nonces", "effect": "deny",
        "tools": ["Bash"], "commands": ["nonces\\\\.txt"], "reason": "nonces are not for all"}]}
      """;

  private static Doors doors;

  @BeforeAll
  static void open(@TempDir Path directory) throws IOException {
    doors = Doors.house(directory);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  private static JsonNode made(String policy) {
    var response = doors.post(POLICIES, policy);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return Doors.json(response);
  }

  private static HttpResponse<String> put(String path, String tag, String body) {
    return doors.send(
        doors
            .request(path)
            .header("Content-Type", "application/json")
            .header("If-Match", tag)
            .PUT(BodyPublishers.ofString(body)));
  }

  private static int archive(JsonNode policy) {
    return doors
        .send(doors.request(POLICIES + "/" + policy.path("id").asString()).DELETE())
        .statusCode();
  }

  private static JsonNode calls(String prompt) {
    var answer =
        doors.send(
            doors
                .request("/api/v1/query/single")
                .timeout(SOON)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"prompt\": \"" + prompt + "\"}")));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    var session = Doors.json(answer).path("session_id").asString();
    return Doors.json(doors.get("/api/v1/sessions/" + session + "/tool-calls")).path("items");
  }

  @Test
  void aPolicyMadeOverRestDecidesARunAndIsNamedOnItsRecord() {
    var policy = made(NO_NONCES);
    try {
      assertThat(calls("scenario: nonce"))
          .isNotEmpty()
          .allSatisfy(
              call -> {
                assertThat(call.path("verdict").asString()).isEqualTo("denied");
                assertThat(call.path("rule").asString())
                    .isEqualTo(
                        "policy house rules (%s), rule no-nonces: nonces are not for all",
                        policy.path("id").asString());
              });
    } finally {
      assertThat(archive(policy)).isEqualTo(204);
    }
    assertThat(calls("scenario: nonce"))
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.path("verdict").asString()).isEqualTo("allowed"));
  }

  @Test
  void everyVersionOfAPolicyIsKeptWithWhoMadeIt() {
    var policy = made(NO_NONCES);
    var path = POLICIES + "/" + policy.path("id").asString();
    assertThat(policy.at("/scope/kind").asString()).isEqualTo("tenant");
    assertThat(policy.at("/advisories/0/rule").asString()).isEqualTo("no-nonces");
    var off = NO_NONCES.replace("\"rules\"", "\"enabled\": false, \"rules\"");
    assertThat(put(path, "\"2\"", off).statusCode()).isEqualTo(412);
    var changed = put(path, "\"1\"", off);
    assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
    assertThat(archive(policy)).isEqualTo(204);

    var history = Doors.json(doors.get(path + "/history")).path("items");
    assertThat(history).hasSize(3);
    assertThat(history.at("/0/archived").asBoolean()).isTrue();
    assertThat(history.at("/1/enabled").asBoolean()).isFalse();
    assertThat(history.at("/2/version").asLong()).isEqualTo(1);
    assertThat(history.at("/2/by/kind").asString()).isEqualTo("person");
    assertThat(Doors.json(doors.get(POLICIES)).toString()).doesNotContain(path.substring(17));
    assertThat(Doors.json(doors.get(POLICIES + "?include_archived=true")).toString())
        .contains(policy.path("id").asString());
  }

  @Test
  void whatCannotBeHeldIsRefusedByTheNameOfItsRule() {
    var broken = doors.post(POLICIES, NO_NONCES.replace("nonces\\\\.txt", "("));
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(Doors.json(broken).path("code").asString()).isEqualTo("policy_refused");
    assertThat(Doors.json(broken).at("/details/rule").asString()).isEqualTo("no-nonces");
    var unnamed = doors.post(POLICIES, NO_NONCES.replace("\"no-nonces\"", "\"No Nonces\""));
    assertThat(unnamed.statusCode()).isEqualTo(400);
    assertThat(Doors.json(unnamed).at("/errors/0/pointer").asString()).isEqualTo("/rules/0/name");
  }
}
