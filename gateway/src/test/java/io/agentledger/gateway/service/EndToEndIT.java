package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.hasEventName;
import static io.agentledger.gateway.service.RawApiClient.type;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A new user's first steps: a directory, a query, an answer that is streamed and recorded. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EndToEndIT {
  private static final String CANARY = "canary-7d1f52c9";

  @TempDir static Path directory;
  private static ServiceProcess service;

  @BeforeAll
  static void start() {
    service = ServiceProcess.start(directory.resolve("home"));
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
    RawApiClient rawApiClient = service.client();
    String session = rawApiClient.open(Map.of("title", "kept"));
    rawApiClient.submitQuery(session, "scenario: text");
    rawApiClient.follow(session, 0, type("result"));
    String before = transcript(rawApiClient, session);
    List<JsonNode> record = rawApiClient.record(session);

    service.stop();
    service.start();

    RawApiClient again = service.client();
    assertThat(transcript(again, session)).isEqualTo(before);
    assertThat(again.record(session)).startsWith(record.toArray(JsonNode[]::new));
    again.submitQuery(session, "scenario: text"); // The conversation continues.
    JsonNode answer = again.follow(session, record.size(), type("result")).getLast();
    assertThat(answer.path("is_error").asBoolean()).isFalse();
  }

  /** Must run last, because it stops the service. */
  @Test
  @Order(Integer.MAX_VALUE)
  void userContentIsNowhereInPlainTextInTheDatabase() throws Exception {
    RawApiClient rawApiClient = service.client();
    String session = rawApiClient.open(Map.of("title", CANARY));
    rawApiClient.submitQuery(session, CANARY + "\nscenario: text");
    rawApiClient.follow(session, 0, type("result"));
    service.stop(); // All data is on the disk now.
    assertThat(plaintextIn(directory.resolve("home/database"), CANARY)).isFalse();
    assertThat(Files.readString(service.log())).doesNotContain(CANARY);
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
