package io.agentledger.gateway.house;

import static io.agentledger.gateway.house.Wire.fact;
import static io.agentledger.gateway.house.Wire.type;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The way of a stranger: a folder, a question, an answer that is streamed and on the record. */
class MainJobIT {
  private static final String CANARY = "canary-7d1f52c9";

  @TempDir static Path directory;
  private static ServiceProcess service;

  @BeforeAll
  static void start() {
    service = ServiceProcess.on(directory.resolve("home"));
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
  }

  @Test
  void theAgentLooksWritesAndReports() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Files.writeString(folder.resolve("README.md"), "# A " + CANARY + " of a readme\n");
    Wire wire = service.wire();
    String session =
        wire.open(Map.of("workspace", Map.of("type", "copy", "path", folder.toString())));

    wire.ask(session, "What is in this folder? Then write NOTES.md about it.");
    List<JsonNode> live = wire.follow(session, 0, type("result"));

    assertThat(live).anyMatch(type("partial"));
    assertThat(live).anyMatch(fact("ToolCalled").and(named("Bash")));
    assertThat(live).anyMatch(fact("ToolCalled").and(named("Write")));
    assertThat(live.getLast().path("upstream").asString()).isEqualTo("rehearsal");
    assertThat(live.getLast().path("result").asString()).contains("NOTES.md");
    assertThat(folder.resolve("NOTES.md")).doesNotExist(); // It worked in a copy.
    assertThat(transcript(wire, session)).contains("README.md", "NOTES.md");
  }

  @Test
  void everyViewerSeesTheSameFactsHoweverLateHeComes() throws Exception {
    Wire wire = service.wire();
    String session = wire.open(Map.of());
    var early = CompletableFuture.supplyAsync(() -> sequences(wire, session));
    wire.ask(session, "scenario: nonce");
    wire.follow(session, 0, fact("ToolReturned"));
    List<Long> late = sequences(wire, session);
    assertThat(late).isEqualTo(early.get()).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aRestartForgetsNothing() throws Exception {
    Wire wire = service.wire();
    String session = wire.open(Map.of("title", "kept"));
    wire.ask(session, "scenario: text");
    wire.follow(session, 0, type("result"));
    String before = transcript(wire, session);
    List<JsonNode> record = wire.record(session);

    service.stop();
    service.start();

    Wire again = service.wire();
    assertThat(transcript(again, session)).isEqualTo(before);
    assertThat(again.record(session)).isEqualTo(record);
    again.ask(session, "scenario: text"); // The conversation goes on where it was.
    JsonNode answer = again.follow(session, record.size(), type("result")).getLast();
    assertThat(answer.path("is_error").asBoolean()).isFalse();
  }

  @Test
  void whatPeopleSayIsNowhereInTheDatabaseInPlain() throws Exception {
    Wire wire = service.wire();
    String session = wire.open(Map.of("title", CANARY));
    wire.ask(session, CANARY + "\nscenario: text");
    wire.follow(session, 0, type("result"));
    service.stop(); // Everything is on disk then.
    assertThat(plaintextIn(directory.resolve("home/database"), CANARY)).isFalse();
    assertThat(Files.readString(service.log())).doesNotContain(CANARY);
    service.start();
  }

  private static Predicate<JsonNode> named(String tool) {
    return item -> tool.equals(item.path("name").asString(""));
  }

  private static String transcript(Wire wire, String session) throws Exception {
    return wire.get("/api/v1/sessions/" + session + "/messages?limit=500").toString();
  }

  private static List<Long> sequences(Wire wire, String session) {
    try {
      return wire.follow(session, 0, type("result")).stream()
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

  private static boolean contains(Path file, String wanted) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
