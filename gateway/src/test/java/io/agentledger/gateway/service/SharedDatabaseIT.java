package io.agentledger.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two services on one database, one of them in the test's JVM: revocations and rebuilds on one node
 * take effect on the other.
 */
class SharedDatabaseIT {
  /** Maximum delay of a revocation; it is milliseconds normally. */
  private static final Duration PROMISED = Duration.ofSeconds(5);

  private static Path firstHome;
  private static ServiceProcess first;
  private static ApiTestServer second;

  @BeforeAll
  static void start(@TempDir Path homes) throws IOException {
    firstHome = homes.resolve("first");
    var secondHome = homes.resolve("second");
    first = ServiceProcess.start(firstHome);
    var keys = Files.createDirectories(secondHome.resolve("keys"));
    // Nodes with a common database need a common master key, which operators provide.
    Files.copy(firstHome.resolve("keys/master.json"), keys.resolve("master.json"));
    second = ApiTestServer.openService(secondHome, databaseOf(firstHome));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (second != null) second.close();
    if (first != null) first.close();
  }

  /** Returns the settings for the embedded server of another node as an external database. */
  private static String[] databaseOf(Path home) throws IOException {
    var passwords = new Properties();
    passwords.load(new StringReader(Files.readString(home.resolve("keys/postgres.properties"))));
    var port = Files.readAllLines(home.resolve("database/data/postmaster.pid")).get(3).strip();
    return new String[] {
      "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + port + "/agentledger",
      "--spring.datasource.username=agentledger",
      "--spring.datasource.password=" + passwords.getProperty("application"),
      "--spring.flyway.user=agentledger_owner",
      "--spring.flyway.password=" + passwords.getProperty("owner")
    };
  }

  private static RawApiClient clientOfSecond(String secret) {
    return new RawApiClient(second.uri("").toString(), secret);
  }

  private static Duration timeUntilRejected(RawApiClient rawApiClient) {
    var start = Instant.now();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> rawApiClient.status("/api/v1/auth/me") == 401);
    return Duration.between(start, Instant.now());
  }

  @Test
  void keyRevokedOnOneNodeIsRejectedOnTheOther() throws Exception {
    var owner = first.client();
    var key = owner.post("/api/v1/keys", Map.of("name", "for the other node"));
    var bearer = clientOfSecond(key.path("secret").asString());
    assertThat(bearer.status("/api/v1/auth/me")).isEqualTo(200);
    var session = bearer.open(Map.of());
    var stream =
        CompletableFuture.supplyAsync(
            () -> bearer.readUntilClosed("/api/v1/sessions/" + session + "/events?after=0"));
    await().atMost(Duration.ofSeconds(60)).until(() -> bearer.lastSequence() > 0);

    owner.delete("/api/v1/keys/" + key.path("key_id").asString());

    assertThat(timeUntilRejected(bearer)).as("requests").isLessThan(PROMISED);
    assertThat(stream).as("an open stream").succeedsWithin(PROMISED);
  }

  @Test
  void loginEndedOnOneNodeIsRejectedOnTheOther() throws Exception {
    var credentials = Map.of("email", "ada@example.com", "password", "a password of twelve");
    first
        .anonymousClient()
        .post(
            "/api/v1/auth/register",
            Map.of("email", "ada@example.com", "name", "Ada", "password", "a password of twelve"));
    var tokens = first.anonymousClient().post("/api/v1/auth/login", credentials);
    var here = first.client(tokens.path("access_token").asString());
    var there = clientOfSecond(tokens.path("access_token").asString());
    assertThat(List.of(here.status("/api/v1/auth/me"), there.status("/api/v1/auth/me")))
        .containsOnly(200);

    here.post("/api/v1/auth/logout", Map.of());

    assertThat(timeUntilRejected(there)).isLessThan(PROMISED);
  }

  @Test
  void sideRequestIsAnsweredByTheNodeWithTheProcess() throws Exception {
    var here = first.client();
    var key = here.post("/api/v1/keys", Map.of("name", "for side requests"));
    var there = clientOfSecond(key.path("secret").asString());
    var run = here.post("/api/v1/query/single", Map.of("prompt", "hello"));
    var session = "/api/v1/sessions/" + run.path("session_id").asString();
    for (var rawApiClient : List.of(here, there)) {
      var sideRequest =
          rawApiClient.post(session + "/side-requests", Map.of("question", "scenario: text"));
      assertThat(sideRequest.path("status").asString())
          .as(sideRequest.toString())
          .isEqualTo("answered");
    }
    var events = here.get(session + "/events?format=json&limit=200").toString();
    assertThat(events.split("CapabilitiesReported", -1)).as("one process for both").hasSize(2);
  }

  @Test
  void rebuildOnOneNodeIsRefusedOnTheOtherAndReplacesTheTablesOfBoth() throws Exception {
    var rebuild = "/api/v1/admin/projections/session/rebuild";
    var here = first.client();
    var there =
        clientOfSecond(
            here.post("/api/v1/keys", Map.of("name", "for rebuilds")).path("secret").asString());
    var session = here.open(Map.of("title", "Before"));
    try (var reader = DatabaseDump.connect(firstHome);
        var statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("select from session_row limit 1"); // The tables are not replaced yet.
      here.post(rebuild, Map.of());
      var refused = there.send("POST", rebuild, Map.of());
      assertThat(refused.statusCode()).isEqualTo(409);
      assertThat(refused.body()).contains("rebuild_underway", "is being rebuilt");
      assertThat(there.get(rebuild).path("status").asString()).isEqualTo("running");
      reader.rollback();
    }
    for (var node : List.of(here, there))
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> node.get(rebuild).path("status").asString().equals("completed"));
    var later = List.of(here.open(Map.of("title", "Here")), there.open(Map.of("title", "There")));
    for (var node : List.of(here, there)) {
      assertThat(node.get("/api/v1/sessions/" + session).path("title").asString())
          .isEqualTo("Before");
      for (var opened : later)
        await().until(() -> node.status("/api/v1/sessions/" + opened) == 200);
    }
  }
}
