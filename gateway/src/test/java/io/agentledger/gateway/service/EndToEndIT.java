package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.hasEventName;
import static io.agentledger.gateway.service.RawApiClient.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A new user's first steps: a directory, a query, an answer that is streamed and recorded. The
 * service is stopped while many viewers are connected, started again, and logs in JSON; at the end
 * it is backed up and restored.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndIT {
  private static final String CANARY = "canary-7d1f52c9";

  private static final String PROMPT = "kingfisher-9054";
  private static final String REQUEST = "req-of-the-log-test";
  private static final int VIEWERS = 500;

  /** It takes less than three seconds if nothing else uses the processors. */
  private static final Duration STOP_MAX = Duration.ofSeconds(8);

  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir static Path directory;
  private static ServiceProcess service;

  /** The session with a conversation from before the restart. */
  private static String kept;

  private static String transcriptBefore;
  private static List<JsonNode> recordBefore;
  private static Duration stopTook;
  private static String logOfTheStop;

  @BeforeAll
  static void restartWhileWatched() throws Exception {
    service = ServiceProcess.start(directory.resolve("home"), "--spring.profiles.active=json-logs");
    RawApiClient rawApiClient = service.client();
    kept = rawApiClient.open(Map.of("title", "kept"));
    rawApiClient.submitQuery(kept, "scenario: text");
    rawApiClient.follow(kept, 0, type("result"));
    transcriptBefore = transcript(rawApiClient, kept);
    recordBefore = rawApiClient.record(kept);

    String watched = rawApiClient.open(Map.of());
    rawApiClient.submitQuery(watched, "scenario: slow-text"); // A run goes on meanwhile.
    try (var viewers = StreamViewers.open(service, watched, VIEWERS)) {
      Instant start = Instant.now();
      service.stop();
      stopTook = Duration.between(start, Instant.now());
    }
    logOfTheStop = service.tailOfLog();
    System.out.println("stop with " + VIEWERS + " viewers: " + stopTook.toMillis() + " ms");
    service.start();
    service.client().follow(watched, 0, type("result")); // The run would outlive the service.
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
  }

  @Test
  void agentReadsWritesAndReports() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Files.writeString(folder.resolve("README.md"), "# A " + CANARY + " of a readme\n");
    RawApiClient rawApiClient = service.client();
    String session =
        rawApiClient.open(Map.of("workspace", Map.of("type", "copy", "path", folder.toString())));

    rawApiClient.submitQuery(session, "What is in this folder? Then write NOTES.md about it.");
    List<JsonNode> live = rawApiClient.follow(session, 0, type("result"));

    assertThat(live).anyMatch(type("partial"));
    assertThat(live).anyMatch(hasEventName("ToolCalled").and(named("Bash")));
    assertThat(live).anyMatch(hasEventName("ToolCalled").and(named("Write")));
    assertThat(live.getLast().path("upstream").asString()).isEqualTo("rehearsal");
    assertThat(live.getLast().path("result").asString()).contains("NOTES.md");
    assertThat(folder.resolve("NOTES.md")).doesNotExist(); // The agent worked in a copy.
    assertThat(transcript(rawApiClient, session)).contains("README.md", "NOTES.md");
  }

  @Test
  void everyViewerSeesTheSameEventsHoweverLate() throws Exception {
    RawApiClient rawApiClient = service.client();
    String session = rawApiClient.open(Map.of());
    var early = CompletableFuture.supplyAsync(() -> sequences(rawApiClient, session));
    rawApiClient.submitQuery(session, "scenario: nonce");
    rawApiClient.follow(session, 0, hasEventName("ToolReturned"));
    List<Long> late = sequences(rawApiClient, session);
    assertThat(late).isEqualTo(early.get()).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void restartLosesNothing() throws Exception {
    RawApiClient again = service.client();
    assertThat(transcript(again, kept)).isEqualTo(transcriptBefore);
    assertThat(again.record(kept)).startsWith(recordBefore.toArray(JsonNode[]::new));
    again.submitQuery(kept, "scenario: text"); // The conversation continues.
    JsonNode answer = again.follow(kept, recordBefore.size(), type("result")).getLast();
    assertThat(answer.path("is_error").asBoolean()).isFalse();
  }

  @Test
  void stopTakesSecondsWithManyViewers() {
    assertThat(stopTook).as(logOfTheStop).isLessThan(STOP_MAX);
  }

  @Test
  void jsonLogLinesHaveTheContextFieldsAndNoContent() throws Exception {
    submitLoggedQuery();
    var line = awaitLogOfTheEnd();
    assertThat(line.at("/ecs/version").asString()).isNotEmpty();
    assertThat(line.at("/log/level").asString()).isEqualTo("INFO");
    assertThat(line.at("/service/name").asString()).isEqualTo("agentledger");
    assertThat(line.path("@timestamp").asString()).isNotEmpty();
    assertThat(line.path("tenantId").asString()).startsWith("tnt_");
    assertThat(line.path("runId").asString()).startsWith("run_");
    assertThat(line.path("outcome").asString()).isEqualTo("completed");
    assertThat(logLines())
        .filteredOn(text -> !text.startsWith("Agentledger ")) // The start-up line for users.
        .filteredOn(text -> !text.startsWith("WARNING: ")) // From the JVM, before logging starts.
        .allMatch(text -> text.startsWith("{"));
    assertThat(String.join("\n", logLines()))
        .doesNotContain(PROMPT)
        .doesNotContain(service.ownerKey());
  }

  private static void submitLoggedQuery() throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(service.address() + "/api/v1/query/single"))
              .timeout(TIMEOUT)
              .header("Authorization", "Bearer " + service.ownerKey())
              .header("Content-Type", "application/json")
              .header("X-Request-ID", REQUEST)
              .POST(BodyPublishers.ofString("{\"prompt\": \"" + PROMPT + "\"}"));
      var response = client.send(request.build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }
  }

  private static List<String> logLines() throws IOException {
    return Files.readAllLines(service.log());
  }

  /** Returns the line about the end of the run with the request id. */
  private static JsonNode awaitLogOfTheEnd() {
    return await()
        .atMost(TIMEOUT)
        .until(
            () ->
                logLines().stream()
                    .filter(line -> line.startsWith("{"))
                    .map(JSON::readTree)
                    .filter(line -> line.path("message").asString("").equals("run ended"))
                    .filter(line -> line.path("correlationId").asString("").equals(REQUEST))
                    .findFirst()
                    .orElse(JSON.missingNode()),
            line -> !line.isMissingNode());
  }

  /** Must run after the others, because it stops the service. */
  @Test
  @Order(Integer.MAX_VALUE - 1)
  void userContentIsNowhereInPlainTextInTheDatabase() throws Exception {
    RawApiClient rawApiClient = service.client();
    String session = rawApiClient.open(Map.of("title", CANARY));
    rawApiClient.submitQuery(session, CANARY + "\nscenario: text");
    rawApiClient.follow(session, 0, type("result"));
    service.stop(); // All data is on the disk now.
    assertThat(plaintextIn(directory.resolve("home/database"), CANARY)).isFalse();
    assertThat(Files.readString(service.log())).doesNotContain(CANARY);
  }

  /**
   * Executes the lines about backups in the document for operators, with the stopped service: all
   * but those that start and stop one.
   */
  @Tag("exhaustive")
  @Test
  @Order(Integer.MAX_VALUE)
  void backupIsRestoredIntoAFreshHome() throws Exception {
    assertThat(service.isAlive()).isFalse();
    Path work = Files.createDirectory(directory.resolve("operator"));
    Files.createSymbolicLink(work.resolve("data"), directory.resolve("home"));
    var script = new StringBuilder("set -eu\n");
    for (String line : linesAboutBackups())
      if (!line.contains("./agentledger ")) script.append(line).append('\n');
    var shell = new ProcessBuilder("bash", "-c", script.toString()).directory(work.toFile());
    Process process = shell.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(script + output).isZero();

    Path restored = work.resolve("restored");
    assertThat(restored.resolve("owner.key")).doesNotExist();
    try (var other = ServiceProcess.start(restored)) {
      RawApiClient rawApiClient = other.client();
      String messages = transcriptBefore.substring(0, transcriptBefore.lastIndexOf(']'));
      assertThat(transcript(rawApiClient, kept)).startsWith(messages);
      assertThat(rawApiClient.record(kept)).startsWith(recordBefore.toArray(JsonNode[]::new));
      long last = rawApiClient.record(kept).size();
      rawApiClient.submitQuery(kept, "scenario: text"); // The conversation continues.
      JsonNode answer = rawApiClient.follow(kept, last, type("result")).getLast();
      assertThat(answer.path("is_error").asBoolean()).isFalse();
    }
  }

  private static List<String> linesAboutBackups() throws IOException {
    var page = Files.readString(ApiTestServer.root().resolve("docs/operations.md"));
    var backups = page.substring(page.indexOf("\n## Backups"), page.indexOf("\n## The master key"));
    var lines =
        Pattern.compile("(?ms)^```sh\n(.*?)^```$")
            .matcher(backups)
            .results()
            .flatMap(block -> block.group(1).lines())
            .toList();
    assertThat(lines).hasSizeGreaterThan(4);
    return lines;
  }

  private static Predicate<JsonNode> named(String tool) {
    return item -> tool.equals(item.path("name").asString(""));
  }

  private static String transcript(RawApiClient rawApiClient, String session) throws Exception {
    return rawApiClient.get("/api/v1/sessions/" + session + "/messages?limit=500").toString();
  }

  private static List<Long> sequences(RawApiClient rawApiClient, String session) {
    try {
      return rawApiClient.follow(session, 0, type("result")).stream()
          .filter(item -> item.has("sequence") && !item.path("sequence").isNull())
          .map(item -> item.path("sequence").asLong())
          .toList();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean plaintextIn(Path tree, String canary) throws IOException {
    try (var files = Files.walk(tree)) {
      return files.filter(Files::isRegularFile).anyMatch(file -> contains(file, canary));
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
