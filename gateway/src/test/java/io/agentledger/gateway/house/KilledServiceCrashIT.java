package io.agentledger.gateway.house;

import static io.agentledger.gateway.house.Wire.fact;
import static io.agentledger.gateway.house.Wire.type;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code kill -9} of the service in the middle of things: no fact is lost, none is doubled. */
class KilledServiceCrashIT {
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
  void aRunOutlivesItsServiceInMidText() throws Exception {
    Wire wire = service.wire();
    String session = wire.open(Map.of());
    wire.ask(session, "scenario: slow-text");
    wire.follow(session, 0, item -> item.path("text").asString("").contains("piece 3"));

    service.killNine();
    service.start();

    wire.follow(session, 0, type("result"));
    List<JsonNode> record = wire.record(session);
    assertWhole(record);
    assertThat(facts(record, "RunStarted")).hasSize(1); // The process lived on: one attempt.
    assertThat(result(record).path("is_error").asBoolean()).isFalse();
    assertThat(result(record).path("result").asString()).contains("piece 1.", "piece 60.");
  }

  @Test
  void whatTheAgentDidIsDoneOnce() throws Exception {
    Wire wire = service.wire();
    String session = wire.open(Map.of());
    wire.ask(session, "scenario: slow-tool");
    wire.follow(session, 0, fact("ToolCalled"));

    service.killNine();
    service.start();

    wire.follow(session, 0, type("result"));
    List<JsonNode> record = wire.record(session);
    assertWhole(record);
    assertThat(facts(record, "ToolCalled")).hasSize(1);
    assertThat(facts(record, "ToolReturned"))
        .singleElement()
        .satisfies(tool -> assertThat(tool.path("output").toString()).contains("slept"));
  }

  @Test
  void aQuestionOutlivesTheServiceThatAskedIt() throws Exception {
    Wire wire = service.wire();
    String session = wire.open(Map.of());
    wire.ask(session, "scenario: question");
    JsonNode asked = wire.follow(session, 0, type("question")).getLast();

    service.killNine();
    service.start();

    JsonNode waiting = wire.get("/api/v1/sessions/" + session);
    assertThat(waiting.path("activity").asString()).isEqualTo("waiting");
    assertThat(waiting.path("pending_actions").get(0).path("id").asString())
        .isEqualTo(asked.path("action_id").asString());
    wire.post(
        "/api/v1/sessions/" + session + "/inputs",
        Map.of(
            "inputs",
            List.of(
                Map.of(
                    "type", "answer",
                    "action_id", asked.path("action_id").asString(),
                    "answers", Map.of("Which colour shall it be?", "Blue")))));
    wire.follow(session, 0, type("result"));
    List<JsonNode> record = wire.record(session);
    assertWhole(record);
    assertThat(result(record).path("result").asString()).contains("Blue");
  }

  @Test
  void aRunWhoseCliDiedTooIsResumed() throws Exception {
    Wire wire = service.wire();
    String session = wire.open(Map.of());
    wire.ask(session, "scenario: slow-text");
    wire.follow(session, 0, item -> item.path("text").asString("").contains("piece 3"));

    service.killNine();
    killEveryProcessOf(session);
    service.start();

    wire.follow(session, 0, type("result"));
    List<JsonNode> record = wire.record(session);
    assertWhole(record);
    assertThat(facts(record, "RunStarted").map(start -> start.path("attempt").asInt()))
        .containsExactly(1, 2);
    assertThat(result(record).path("is_error").asBoolean()).isFalse();
    assertThat(result(record).path("result").asString()).contains("piece 60.");
  }

  /**
   * The keeper's command line names the session's directory, and its descendants are all there is.
   */
  private static void killEveryProcessOf(String session) {
    List<ProcessHandle> keepers =
        ProcessHandle.allProcesses()
            .filter(process -> process.info().commandLine().orElse("").contains(session))
            .toList();
    assertThat(keepers).isNotEmpty();
    for (ProcessHandle keeper : keepers) {
      keeper.descendants().forEach(ProcessHandle::destroyForcibly);
      keeper.destroyForcibly();
    }
  }

  /** Dense, and everything that can be there only once is there once. */
  private static void assertWhole(List<JsonNode> record) {
    assertThat(record.stream().map(item -> item.path("sequence").asLong()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, record.size()).boxed().toList());
    assertThat(record.stream().filter(type("result"))).hasSize(1);
    assertThat(blocks(record)).doesNotHaveDuplicates();
    assertThat(facts(record, "TurnFinished").map(turn -> turn.path("exchange_id").asString()))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  private static Stream<String> blocks(List<JsonNode> record) {
    return facts(record, "MessageReceived")
        .map(item -> item.path("message_id").asString() + "/" + item.path("block_index").asInt());
  }

  private static Stream<JsonNode> facts(List<JsonNode> record, String name) {
    return record.stream().filter(fact(name));
  }

  private static JsonNode result(List<JsonNode> record) {
    return record.stream().filter(type("result")).findFirst().orElseThrow();
  }
}
