package io.agentledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.gateway.support.RSocketDoor;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.rsocket.context.RSocketServerBootstrap;

/** All sides together: the real CLI, a real database, every door. */
class HouseIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final String HELLO = "{\"prompt\": \"hello\"}";
  private static Path home;
  private static Doors doors;

  @BeforeAll
  static void open(@TempDir Path directory) throws IOException {
    home = directory;
    doors = Doors.house(home);
  }

  @AfterAll
  static void close() {
    doors.close();
    assertThat(home.resolve("service.json")).doesNotExist();
  }

  private static HttpRequest.Builder posting(String path, String body, String key) {
    return doors
        .request(path)
        .timeout(SOON)
        .header("Content-Type", "application/json")
        .header("Accept", "application/json")
        .header("Idempotency-Key", key)
        .POST(BodyPublishers.ofString(body));
  }

  private static Sse follow(SessionId session, String how) {
    return Sse.open(
        doors, doors.request("/api/v1/sessions/" + session + "/events" + how).timeout(SOON).GET());
  }

  private static SessionId answered() {
    var response = doors.send(posting("/api/v1/query/single", HELLO, UUID.randomUUID().toString()));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new SessionId(Doors.json(response).path("session_id").asString());
  }

  private static long facts(SessionId session) {
    return Doors.json(doors.get("/api/v1/sessions/" + session)).path("sequence").asLong();
  }

  private static List<String> upTo(long from, long to) {
    return IntStream.rangeClosed((int) from, (int) to).mapToObj(String::valueOf).toList();
  }

  @Test
  void aQueryStreamsWhatTheAgentDoesAndEndsWithItsResult() {
    var session = doors.openSession();
    var client =
        Sse.open(
            doors,
            doors
                .request("/api/v1/sessions/" + session + "/query")
                .timeout(SOON)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(HELLO)));
    await().atMost(SOON).until(client::ended);
    assertThat(client.types()).contains("init", "partial", "message").endsWith("result", "done");
    var result = client.events().get(client.events().size() - 2).data();
    assertThat(result.path("upstream").asString()).isEqualTo("rehearsal");
    assertThat(result.path("is_error").asBoolean()).isFalse();
    assertThat(result.path("result").asString()).isNotEmpty();
  }

  @Test
  void twoClientsOneOfThemLateAndOneThatCameBackSeeTheSameFacts() throws Exception {
    var session = doors.openSession();
    try (var early = follow(session, "?after=0")) {
      var query = "/api/v1/sessions/" + session + "/query";
      assertThat(doors.post(query, HELLO).statusCode()).isEqualTo(202);
      await().atMost(SOON).until(() -> early.types().contains("init"));
      try (var late = follow(session, "?after=0")) {
        await().atMost(SOON).until(() -> early.types().contains("result"));
        await().atMost(SOON).until(() -> facts(session) == early.ids().size());
        await().atMost(SOON).until(() -> late.ids().size() == early.ids().size());
        assertThat(late.ids()).isEqualTo(early.ids()).isEqualTo(upTo(1, early.ids().size()));
        var request =
            doors
                .request("/api/v1/sessions/" + session + "/events")
                .header("Last-Event-ID", "3")
                .GET();
        try (var back = Sse.open(doors, request)) {
          await().atMost(SOON).until(() -> back.ids().size() == early.ids().size() - 3);
          assertThat(back.ids()).isEqualTo(upTo(4, early.ids().size()));
        }
      }
    }
  }

  @Test
  void theTranscriptToolCallsAndRunsAreRead() {
    var session = answered();
    for (var what : List.of("messages", "runs", "tool-calls")) {
      var response = doors.get("/api/v1/sessions/" + session + "/" + what);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
    var messages = Doors.json(doors.get("/api/v1/sessions/" + session + "/messages"));
    assertThat(messages.path("items").path(0).path("block").path("text").asString())
        .isEqualTo("hello");
    var run = Doors.json(doors.get("/api/v1/sessions/" + session + "/runs")).path("items").path(0);
    var path = "/api/v1/sessions/" + session + "/runs/" + run.path("id").asString();
    assertThat(Doors.json(doors.get(path))).isEqualTo(run);
  }

  @Test
  void theSameKeyIsTheSameSessionAndTheSameQuery() {
    var key = UUID.randomUUID().toString();
    var first = Doors.json(doors.send(posting("/api/v1/query", HELLO, key)));
    var second = Doors.json(doors.send(posting("/api/v1/query", "{ \"prompt\":\"hello\" }", key)));
    assertThat(second).isEqualTo(first);
    var other = doors.send(posting("/api/v1/query", "{\"prompt\": \"something else\"}", key));
    assertThat(other.statusCode()).as(other.body()).isEqualTo(422);
    assertThat(Doors.json(other).path("code").asString()).isEqualTo("idempotency_key_reused");
  }

  @Test
  void queriesWaitInLineAndTheSeventeenthIsRefused() {
    var session = doors.openSession();
    var path = "/api/v1/sessions/" + session + "/query";
    var work = "{\"prompt\": \"What is in this folder? Then write NOTES.md about it.\"}";
    assertThat(Doors.json(doors.post(path, work)).path("queued").asInt()).isZero();
    var inputs = ",{\"type\": \"prompt\", \"prompt\": \"hello\"}".repeat(16).substring(1);
    var batch =
        doors.post("/api/v1/sessions/" + session + "/inputs", "{\"inputs\": [" + inputs + "]}");
    assertThat(batch.statusCode()).as(batch.body()).isEqualTo(200);
    var refused = doors.post(path, HELLO);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
    assertThat(Doors.json(refused).path("code").asString()).isEqualTo("queue_full");
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
    assertThat(doors.post("/api/v1/sessions/" + session + "/interrupt", "").statusCode())
        .isEqualTo(202);
  }

  @Test
  void aCursorThatWasTamperedWithIsRefused() {
    answered();
    answered();
    var next = Doors.json(doors.get("/api/v1/sessions?limit=1")).path("next").asString();
    assertThat(doors.get("/api/v1/sessions?limit=1&cursor=" + next).statusCode()).isEqualTo(200);
    char last = next.charAt(3) == 'A' ? 'B' : 'A';
    var tampered = next.substring(0, 3) + last + next.substring(4);
    var refused = doors.get("/api/v1/sessions?limit=1&cursor=" + tampered);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(Doors.json(refused).path("code").asString()).isEqualTo("bad_cursor");
  }

  @Test
  void aFolderThatLinksOutOfItselfIsRefusedAndOneThatDoesNotIsCopied(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("a.txt"), "a");
    var body = "{\"workspace\": {\"kind\": \"copy\", \"path\": \"" + folder + "\"}}";
    var opened = doors.post("/api/v1/sessions", body);
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    assertThat(Doors.json(opened).path("workspace").path("files").asInt()).isEqualTo(1);
    Files.createSymbolicLink(folder.resolve("out"), Path.of("/etc/hostname"));
    var refused = doors.post("/api/v1/sessions", body);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
    assertThat(Doors.json(refused).path("code").asString()).isEqualTo("workspace_link_escapes");
  }

  @Test
  void thereIsNoOtherDoorThanOurs() {
    assertThat(doors.beansOf(RSocketServerBootstrap.class)).isEmpty();
    assertThat(doors.bean(RSocketDoor.class).isRunning()).isTrue();
  }

  @Test
  void theServiceSaysWhatItIsAndWhereItRuns() throws IOException {
    var status = Doors.json(doors.get("/api/v1/status"));
    assertThat(status.path("upstream").asString()).isEqualTo("rehearsal");
    assertThat(status.path("cli_version").asString()).isNotEmpty();
    assertThat(Files.readString(home.resolve("service.json")))
        .contains("\"port\":" + doors.port(), "\"rsocket_port\":" + doors.rsocketPort());
    var ready = HttpRequest.newBuilder(doors.uri("/actuator/health/readiness")).GET();
    assertThat(doors.send(ready).body()).isEqualTo("{\"status\":\"UP\"}");
    assertThat(doors.send(HttpRequest.newBuilder(doors.uri("/actuator/health")).GET()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void aProjectionIsReplayedAndIsAsBefore() {
    var session = answered();
    var before = doors.get("/api/v1/sessions/" + session + "/messages").body();
    var name =
        Doors.json(doors.get("/api/v1/projections")).path("items").path(0).path("name").asString();
    assertThat(doors.post("/api/v1/projections/" + name + "/replay", "").statusCode())
        .isEqualTo(202);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(doors.get("/api/v1/sessions/" + session + "/messages").body())
                    .isEqualTo(before));
    HttpResponse<String> letters = doors.get("/api/v1/projections/" + name + "/dead-letters");
    assertThat(Doors.json(letters).path("items")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "ws"})
  void aStockRSocketClientOfNpmReadsTheSameStream(String transport) throws Exception {
    var session = answered();
    var facts =
        Doors.json(doors.get("/api/v1/sessions/" + session + "/events?format=json&limit=500"))
            .path("items");
    var expected = facts.valueStream().map(HouseIT::numberAndType).toList();
    int port = transport.equals("tcp") ? doors.rsocketPort() : doors.port();
    var output = Node.run(doors.key(), transport, "" + port, session.value(), "" + expected.size());
    assertThat(output).isEqualTo(expected);
  }

  private static String numberAndType(tools.jackson.databind.JsonNode fact) {
    return fact.path("sequence").asLong() + " " + fact.path("type").asString();
  }

  /** The script in {@code src/test/js}; its packages are installed when they are not there. */
  private static final class Node {
    private static final Path DIRECTORY = Path.of("src/test/js").toAbsolutePath();

    static List<String> run(String key, String... arguments) throws Exception {
      if (Files.notExists(DIRECTORY.resolve("node_modules")))
        finish(new ProcessBuilder("npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"));
      var command = new java.util.ArrayList<>(List.of("node", "read.js"));
      command.addAll(List.of(arguments));
      var node = new ProcessBuilder(command);
      node.environment().put("AGENTLEDGER_KEY", key);
      return finish(node).lines().toList();
    }

    private static String finish(ProcessBuilder builder) throws Exception {
      var process = builder.directory(DIRECTORY.toFile()).redirectErrorStream(true).start();
      try (var output = process.inputReader()) {
        var text = output.readAllAsString();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
