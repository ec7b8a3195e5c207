package io.agentledger.gateway.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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

/** Two services on one database: what one of them takes away is gone on the other. */
class TwoNodesIT {
  /** What is promised; it is milliseconds when all is well. */
  private static final Duration PROMISED = Duration.ofSeconds(5);

  private static ServiceProcess first;
  private static ServiceProcess second;

  @BeforeAll
  static void start(@TempDir Path homes) throws IOException {
    var firstHome = homes.resolve("first");
    var secondHome = homes.resolve("second");
    first = ServiceProcess.on(firstHome);
    var keys = Files.createDirectories(secondHome.resolve("keys"));
    // Nodes that share a database share the master key: operators see to that.
    Files.copy(firstHome.resolve("keys/master.json"), keys.resolve("master.json"));
    second = ServiceProcess.on(secondHome, databaseOf(firstHome));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (second != null) second.close();
    if (first != null) first.close();
  }

  /** The embedded server of another node, as an external one. */
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

  private static Duration untilRefused(Wire wire) {
    var start = Instant.now();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> wire.status("/api/v1/auth/me") == 401);
    return Duration.between(start, Instant.now());
  }

  @Test
  void aKeyThatIsRevokedOnOneNodeIsOverOnTheOther() throws Exception {
    var owner = first.wire();
    var key = owner.post("/api/v1/keys", Map.of("name", "for the other node"));
    var bearer = second.wire(key.path("secret").asString());
    assertThat(bearer.status("/api/v1/auth/me")).isEqualTo(200);
    var session = bearer.open(Map.of());
    var watching =
        CompletableFuture.supplyAsync(
            () -> bearer.watchToTheEnd("/api/v1/sessions/" + session + "/events?after=0"));
    await().atMost(Duration.ofSeconds(20)).until(() -> bearer.seen() > 0);

    owner.delete("/api/v1/keys/" + key.path("key_id").asString());

    assertThat(untilRefused(bearer)).as("requests").isLessThan(PROMISED);
    assertThat(watching).as("an open stream").succeedsWithin(PROMISED);
  }

  @Test
  void aLoginThatIsOverOnOneNodeIsOverOnTheOther() throws Exception {
    var credentials = Map.of("email", "ada@example.com", "password", "a password of twelve");
    first
        .stranger()
        .post(
            "/api/v1/auth/register",
            Map.of("email", "ada@example.com", "name", "Ada", "password", "a password of twelve"));
    var tokens = first.stranger().post("/api/v1/auth/login", credentials);
    var here = first.wire(tokens.path("access_token").asString());
    var there = second.wire(tokens.path("access_token").asString());
    assertThat(List.of(here.status("/api/v1/auth/me"), there.status("/api/v1/auth/me")))
        .containsOnly(200);

    here.post("/api/v1/auth/logout", Map.of());

    assertThat(untilRefused(there)).isLessThan(PROMISED);
  }

  @Test
  void whatIsAskedAsideIsAnsweredByTheNodeThatHasTheProcess() throws Exception {
    var here = first.wire();
    var key = here.post("/api/v1/keys", Map.of("name", "for asking aside"));
    var there = second.wire(key.path("secret").asString());
    var run = here.post("/api/v1/query/single", Map.of("prompt", "hello"));
    var session = "/api/v1/sessions/" + run.path("session_id").asString();
    for (var wire : List.of(here, there)) {
      var asked = wire.post(session + "/asides", Map.of("question", "scenario: text"));
      assertThat(asked.path("state").asString()).as(asked.toString()).isEqualTo("answered");
    }
    var facts = here.get(session + "/events?format=json&limit=200").toString();
    assertThat(facts.split("CapabilitiesReported", -1)).as("one process for both").hasSize(2);
  }
}
