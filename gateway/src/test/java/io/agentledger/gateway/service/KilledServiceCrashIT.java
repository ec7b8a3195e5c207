package io.agentledger.gateway.service;

import static io.agentledger.gateway.service.RawApiClient.hasEventName;
import static io.agentledger.gateway.service.RawApiClient.type;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.command.claude.host.TreeDeleter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * {@code kill -9} of the service during work: no event is lost or duplicated. The service is killed
 * once while seven agents are working, and then restarted; the last test kills it a second time.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KilledServiceCrashIT {
  private static final Duration OUTAGE_TIMEOUT = Duration.ofSeconds(25);

  /** From a request to its failure, after the last wait of the CLI. */
  private static final Duration LAST_REQUEST = Duration.ofSeconds(12);

  private static final String OUTAGE =
      """
      ```rehearsal
      - fail: {status: 502, message: Bad gateway}
      ```
      """;

  @TempDir static Path directory;
  private static ServiceProcess service;
  private static RawApiClient rawApiClient;
  private static String streaming;
  private static String acting;
  private static String asking;
  private static JsonNode question;

  /** The session whose CLI was killed, too. */
  private static String interrupted;

  /** The session with a second query whose CLI is stopped until the service is back. */
  private static String stopped;

  private static long firstResultOfStopped;

  /** The session that is idle, with this nonce in its conversation. */
  private static String idle;

  private static final String NONCE = "nonce-" + UUID.randomUUID();

  /** The copy of the idle session's files as the kill left them. */
  private static Path left;

  /** The session whose model requests fail. */
  private static String failing;

  /** The path of an execution of a task, whose command ends after the kill. */
  private static String execution;

  private static final String LEAVE_NONCE =
      """
      ```rehearsal
      - calls:
          - tool: Bash
            input: {command: "echo left >> nonces.txt; until [ -e killed ]; do sleep 0.2; done"}
      - say: "It is done."
      ```
      """;

  private static Instant outageStartedAt;
  private static Instant readyAt;

  @BeforeAll
  static void killDuringWork() throws Exception {
    service =
        ServiceProcess.start(
            directory.resolve("home"), "--agentledger.model.outage-timeout=" + OUTAGE_TIMEOUT);
    rawApiClient = service.client();
    asking = submit("scenario: question");
    question = rawApiClient.follow(asking, 0, type("question")).getLast();
    idle = submit("scenario: text\n" + NONCE);
    rawApiClient.follow(idle, 0, type("result"));
    assertThat(filesWith(NONCE, directoryOf(idle))).isNotEmpty();
    stopped = submit("scenario: text");
    List<JsonNode> first = rawApiClient.follow(stopped, 0, type("result"));
    firstResultOfStopped = first.getLast().path("sequence").asLong();
    failing = submit(OUTAGE);
    outageStartedAt = at(rawApiClient.follow(failing, 0, hasEventName("TurnRetried")).getLast());
    long stoppedCli = new CrashTargets(directory.resolve("home")).cli(stopped).orElseThrow().pid();
    signal("STOP", stoppedCli);
    rawApiClient.submitQuery(stopped, "scenario: slow-text");
    rawApiClient.follow(stopped, firstResultOfStopped, hasEventName("RunStarted"));
    rawApiClient.follow(failing, 0, item -> item.toString().contains("attempt 4 of "));
    execution = executeTask(LEAVE_NONCE);
    acting = submit("scenario: slow-tool");
    rawApiClient.follow(acting, 0, hasEventName("ToolCalled"));
    String executing = sessionOfExecution();
    rawApiClient.follow(executing, 0, hasEventName("ToolCalled"));
    streaming = submit("scenario: slow-text");
    interrupted = submit("scenario: slow-text");
    var texts = List.of(followText(streaming), followText(interrupted)); // They end after 12 s.
    for (var text : texts) text.get();

    service.killForcibly();
    Files.createFile(directoryOf(executing).resolve("work").resolve("killed"));
    killEveryProcessOf(interrupted);
    endCli(directoryOf(idle));
    for (Path file : filesWith(NONCE, directoryOf(idle).resolve("home")))
      Files.writeString(file, "\n", StandardOpenOption.APPEND); // As the CLI does, or may not.
    left = directory.resolve("left");
    copy(directoryOf(idle), left);
    service.start();
    readyAt = Instant.now();
    signal("CONT", stoppedCli);
  }

  private static String submit(String prompt) throws Exception {
    String session = rawApiClient.open(Map.of());
    rawApiClient.submitQuery(session, prompt);
    return session;
  }

  /** Runs a new task; returns the path of its execution. */
  private static String executeTask(String prompt) throws Exception {
    var task = rawApiClient.post("/api/v1/tasks", Map.of("name", "Work", "prompt", prompt));
    var run = "/api/v1/tasks/" + task.path("id").asString() + "/run";
    return "/api/v1/executions/" + rawApiClient.post(run, Map.of()).path("id").asString();
  }

  private static String sessionOfExecution() throws Exception {
    await().until(() -> !rawApiClient.get(execution).path("session_id").isNull());
    return rawApiClient.get(execution).path("session_id").asString();
  }

  /** Follows a session until it has written some text. */
  private static Future<?> followText(String session) {
    var text =
        new FutureTask<>(
            () ->
                rawApiClient.follow(
                    session, 0, item -> item.path("text").asString("").contains("piece 3")));
    Thread.startVirtualThread(text);
    return text;
  }

  @AfterAll
  static void stop() throws Exception {
    service.close();
  }

  @Test
  void runSurvivesItsServiceDuringATextStream() throws Exception {
    rawApiClient.follow(streaming, 0, type("result"));
    List<JsonNode> record = rawApiClient.record(streaming);
    assertWhole(record);
    // The process survived: one attempt.
    assertThat(eventsNamed(record, "RunStarted")).hasSize(1);
    assertThat(result(record).path("is_error").asBoolean()).isFalse();
    assertThat(result(record).path("result").asString()).contains("piece 1.", "piece 60.");
    // The CLI's requests wait in the queue of its socket, so there is no further delay of the
    // CLI.
    assertThat(eventsNamed(record, "TurnRetried")).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void agentsActionsAreRecordedOnce() throws Exception {
    rawApiClient.follow(acting, 0, type("result"));
    List<JsonNode> record = rawApiClient.record(acting);
    assertWhole(record);
    assertThat(eventsNamed(record, "ToolCalled")).hasSize(1);
    assertThat(eventsNamed(record, "ToolReturned"))
        .singleElement()
        .satisfies(tool -> assertThat(tool.path("output").toString()).contains("slept"));
  }

  @Test
  void executionOfATaskSucceedsAtItsFirstAttempt() throws Exception {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () ->
                assertThat(rawApiClient.get(execution).path("status").asString())
                    .isEqualTo("succeeded"));
    assertThat(rawApiClient.get(execution).path("attempts")).hasSize(1);
    String session = sessionOfExecution();
    assertThat(new CrashTargets(directory.resolve("home")).nonces(session)).containsExactly("left");
    List<JsonNode> record = rawApiClient.record(session);
    assertWhole(record);
    assertThat(eventsNamed(record, "RunStarted")).hasSize(1);
  }

  @Test
  void questionSurvivesTheServiceThatAskedIt() throws Exception {
    JsonNode waiting = rawApiClient.get("/api/v1/sessions/" + asking);
    assertThat(waiting.path("activity").asString()).isEqualTo("waiting");
    assertThat(waiting.path("pending_actions").get(0).path("action_id").asString())
        .isEqualTo(question.path("action_id").asString());
    rawApiClient.post(
        "/api/v1/sessions/" + asking + "/inputs",
        Map.of(
            "inputs",
            List.of(
                Map.of(
                    "type", "answer",
                    "action_id", question.path("action_id").asString(),
                    "answers", Map.of("Which colour shall it be?", "Blue")))));
    rawApiClient.follow(asking, 0, type("result"));
    List<JsonNode> record = rawApiClient.record(asking);
    assertWhole(record);
    assertThat(result(record).path("result").asString()).contains("Blue");
  }

  @Test
  void runWhoseCliAlsoDiedIsResumed() throws Exception {
    rawApiClient.follow(interrupted, 0, type("result"));
    List<JsonNode> record = rawApiClient.record(interrupted);
    assertWhole(record);
    assertThat(eventsNamed(record, "RunStarted").map(start -> start.path("attempt").asInt()))
        .containsExactly(1, 2);
    assertThat(result(record).path("is_error").asBoolean()).isFalse();
    assertThat(result(record).path("result").asString()).contains("piece 60.");
  }

  @Test
  void nextQueryOfAProcessSurvivesAKillBeforeItsFirstOutput() throws Exception {
    JsonNode result = rawApiClient.follow(stopped, firstResultOfStopped, type("result")).getLast();
    assertThat(result.path("result").asString()).contains("piece 60.");
    assertThat(eventsNamed(rawApiClient.record(stopped), "RunStarted")).hasSize(2);
  }

  @Test
  void outageOfARunIsAsLongWhicheverLifeOfTheServiceItMeets() throws Exception {
    JsonNode failed = rawApiClient.follow(failing, 0, hasEventName("RunFailed")).getLast();
    Instant bound = outageStartedAt.plus(OUTAGE_TIMEOUT);
    assertThat(at(failed)).isBefore((bound.isAfter(readyAt) ? bound : readyAt).plus(LAST_REQUEST));
    assertThat(failed.toString()).contains("The model API answered 502.");
  }

  private static Instant at(JsonNode item) {
    return Instant.parse(item.path("at").asString());
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  /** The last one: it kills the service again. */
  @Test
  @Order(Integer.MAX_VALUE)
  void conversationIsPutAwayOnceAndGoesOn() throws Exception {
    Path home = directory.resolve("home");
    Path sessionDirectory = directoryOf(idle);
    await().until(() -> filesWith(NONCE, home, sessionDirectory).isEmpty());

    service.killForcibly();
    for (String name : List.of("home", "run")) { // As after a kill before the removal.
      TreeDeleter.deleteTree(sessionDirectory.resolve(name));
      copy(left.resolve(name), sessionDirectory.resolve(name));
    }
    service.start();

    await().until(() -> filesWith(NONCE, home, sessionDirectory).isEmpty());
    List<JsonNode> record = rawApiClient.record(idle);
    assertWhole(record);
    assertThat(eventsNamed(record, "ConversationStored")).hasSize(1);
    rawApiClient.submitQuery(idle, "scenario: text");
    rawApiClient.follow(idle, record.size(), type("result"));
    assertThat(filesWith(NONCE, sessionDirectory.resolve("home"))).isNotEmpty();
  }

  private static Path directoryOf(String session) {
    return new CrashTargets(directory.resolve("home")).session(session);
  }

  /** Closes its input, after which it writes the end of its transcript. */
  private static void endCli(Path sessionDirectory) throws Exception {
    List<Path> processes;
    try (Stream<Path> all = Files.list(sessionDirectory.resolve("run"))) {
      processes = all.toList();
    }
    assertThat(processes).hasSize(1);
    String keeper = Files.readString(processes.getFirst().resolve("keeper")).split(" ")[0].strip();
    assertThat(new ProcessBuilder("kill", "-HUP", keeper).start().waitFor()).isZero();
    await().until(() -> Files.exists(processes.getFirst().resolve("exit")));
  }

  private static void copy(Path from, Path to) throws Exception {
    var line = new ProcessBuilder("cp", "-a", from.toString(), to.toString());
    assertThat(line.start().waitFor()).isZero();
  }

  private static List<Path> filesWith(String text, Path... directories) throws Exception {
    var line = new ArrayList<>(List.of("grep", "-rlsF", "--devices=skip", text));
    Stream.of(directories).map(Path::toString).forEach(line::add);
    Process grep = new ProcessBuilder(line).start();
    try (var output = grep.inputReader()) {
      return output.lines().map(Path::of).toList();
    }
  }

  /**
   * Kills the supervising script, whose command line contains the session's directory, and its
   * descendants.
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

  /** Checks that sequences are dense, and unique events occur once. */
  private static void assertWhole(List<JsonNode> record) {
    assertThat(record.stream().map(item -> item.path("sequence").asLong()))
        .containsExactlyElementsOf(LongStream.rangeClosed(1, record.size()).boxed().toList());
    assertThat(record.stream().filter(type("result"))).hasSize(1);
    assertThat(blocks(record)).doesNotHaveDuplicates();
    assertThat(eventsNamed(record, "TurnFinished").map(turn -> turn.path("exchange_id").asString()))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }

  private static Stream<String> blocks(List<JsonNode> record) {
    return eventsNamed(record, "MessageReceived")
        .map(item -> item.path("message_id").asString() + "/" + item.path("block_index").asInt());
  }

  private static Stream<JsonNode> eventsNamed(List<JsonNode> record, String name) {
    return record.stream().filter(hasEventName(name));
  }

  private static JsonNode result(List<JsonNode> record) {
    return record.stream().filter(type("result")).findFirst().orElseThrow();
  }
}
