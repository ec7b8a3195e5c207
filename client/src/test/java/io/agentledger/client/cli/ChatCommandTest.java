package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.StreamItemJson;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the conversation: prompts and commands, and the choice of the workspace before. */
@Timeout(120)
class ChatCommandTest extends CliFixture {
  private static final String SESSION = "/api/v1/sessions/" + FakeService.SESSION;

  private final AtomicInteger sequence = new AtomicInteger(1);

  ChatCommandTest() {
    environment.put("NO_COLOR", "1");
    service.answer("GET " + SESSION + "/messages", request -> new CannedResponse(200, page("")));
    service.answer("GET " + SESSION + "/runs", request -> new CannedResponse(200, page("")));
    service.answer(
        INPUTS,
        request -> {
          boolean isPrompt = request.body().contains("\"prompt\"");
          int after = sequence.get();
          if (isPrompt)
            service.send(
                StreamItemJson.message(
                    sequence.incrementAndGet(), 0, "text", "Some **bold** text."),
                StreamItemJson.result(sequence.incrementAndGet(), "completed", false, "x"));
          return new CannedResponse(202, StreamItemJson.receipt(after, isPrompt));
        });
  }

  private static String page(String items) {
    return "{\"items\":[" + items + "],\"next_cursor\":null}";
  }

  @Test
  void messageIsSentToBrainAndItsRunFollowed() {
    service.answer(
        "POST /api/v1/chat",
        request -> {
          int after = sequence.get();
          service.send(
              StreamItemJson.message(sequence.incrementAndGet(), 0, "text", "Good day."),
              StreamItemJson.result(sequence.incrementAndGet(), "completed", false, "x"));
          var query =
              """
              {"id":"%s","session_id":"%s","run_id":"%s","queue_position":0,"after":%d}"""
                  .formatted(FakeService.QUERY, FakeService.SESSION, FakeService.RUN, after);
          return new CannedResponse(202, query);
        });
    assertThat(runCli("", "chat", "--new", "Good", "day")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("POST /api/v1/chat").getFirst().body())
        .contains("\"message\":\"Good day\"", "\"new_conversation\":true");
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Good day.", "continue:  agentledger chat MESSAGE", FakeService.SESSION);
    assertThat(runCli("", "chat", "--empty", "Hello")).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void decisionThatTheRunBeforeWaitsForIsNamed() {
    service.answer(
        "GET " + SESSION,
        request ->
            new CannedResponse(
                200,
                StreamItemJson.session("waiting", 7)
                    .replace(
                        "\"pending_actions\":[]",
                        """
                        "pending_actions":[{"action_id":"%s","type":"permission",
                         "run_id":"run_2222222222","thread_id":"%s","tool_call_id":"%s",
                         "tool":"Bash","input":{"command":"npm test"},"input_digest":"d1",
                         "requested_at":"2026-11-20T09:00:00Z"}]"""
                            .formatted(FakeService.ACTION, FakeService.THREAD, FakeService.CALL))));
    service.answer(
        "POST /api/v1/chat",
        request ->
            new CannedResponse(
                202,
                """
                {"id":"%s","session_id":"%s","run_id":"%s","queue_position":1,"after":1}"""
                    .formatted(FakeService.QUERY, FakeService.SESSION, FakeService.RUN)));
    service.send(StreamItemJson.result(2, "completed", false, "x"));
    assertThat(runCli("", "chat", "Hello")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("the run before it waits for an answer: Bash npm test")
        .contains("decide:  agentledger approve " + FakeService.ACTION)
        .doesNotContain("--allow");
  }

  @Test
  void promptsAndSettingsAreSentInTheirOrder() {
    answer("/mode plan", "first", "/model m-2", "don't \"quote\" 100%", "/exit");
    assertThat(runCli("io", "chat", "--empty", "--allow", "Read")).isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS).stream().map(FakeService.Request::body))
        .containsExactly(
            "{\"inputs\":[{\"type\":\"set_permission_mode\",\"permission_mode\":\"plan\"}]}",
            """
            {"inputs":[{"type":"prompt","prompt":"first",\
            "options":{"allowed_tools":["Read"]}}]}""",
            "{\"inputs\":[{\"type\":\"set_model\",\"model\":\"m-2\"}]}",
            """
            {"inputs":[{"type":"prompt","prompt":"don't \\"quote\\" 100%",\
            "options":{"allowed_tools":["Read"]}}]}""");
    assertThat(shown())
        .contains("Some bold text.")
        .contains("plan › ")
        .endsWith("continue:  agentledger chat --session ses_aaaaaaaaaa\n");
  }

  @Test
  void unknownModeIsRefusedAndTheConversationGoesOn() {
    answer("/mode yolo", "/help", "/exit");
    assertThat(runCli("io", "chat", "--empty")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("'yolo' is not one of default").contains("/rewind ");
    assertThat(service.requests(INPUTS)).isEmpty();
  }

  @Test
  void filesAreRewoundAfterTheChangesWereSeen() {
    checkpoints();
    answer("/rewind", "3", "2", "y", "/exit");
    runCli("io", "chat", "--empty");
    assertThat(shown())
        .contains("1. chk_2222222222  after", "2. chk_3333333333  opening")
        .contains("please type 1 to 2")
        .contains("modified a.txt  +1 -0")
        .contains("the files of chk_3333333333 are restored");
    assertThat(
            service.requests("POST " + SESSION + "/rewind").stream().map(FakeService.Request::body))
        .satisfiesExactly(
            body -> assertThat(body).contains("\"dry_run\":true"),
            body -> assertThat(body).contains("\"dry_run\":false", "chk_3333333333"));
  }

  private void checkpoints() {
    var checkpoint =
        """
        {"id":"%s","moment":"%s","files":1,"bytes":2,"sequence":2,
         "taken_at":"2026-11-20T09:00:00Z"}""";
    service.answer(
        "GET " + SESSION + "/checkpoints",
        request ->
            new CannedResponse(
                200,
                page(
                    checkpoint.formatted("chk_2222222222", "after")
                        + ","
                        + checkpoint.formatted("chk_3333333333", "opening"))));
    var changes =
        """
        {"files":[{"path":"a.txt","change":"modified","added_lines":1,"removed_lines":0,
         "diff":"@@ -0,0 +1 @@\\n+one\\n"}],"truncated":false}""";
    service.answer(
        "POST " + SESSION + "/rewind",
        request -> new CannedResponse(200, "{\"changes\":" + changes + "}"));
    service.answer("GET " + SESSION + "/changes", request -> new CannedResponse(200, changes));
  }

  @Test
  void changesOfTheSessionAreThoseFromItsFirstCheckpointToItsFilesAsTheyAre() {
    checkpoints();
    assertThat(runCli("", "diff", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("modified a.txt  +1 -0\n@@ -0,0 +1 @@\n+one\n");
    service.answer("GET " + SESSION + "/checkpoints", request -> new CannedResponse(200, page("")));
    assertThat(runCli("", "diff", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(service.requests("GET " + SESSION + "/changes"))
        .extracting(FakeService.Request::path)
        .containsExactly(SESSION + "/changes?from=chk_3333333333", SESSION + "/changes");
  }

  @Test
  void lastConversationIsContinued() {
    service.answer(
        "GET /api/v1/sessions",
        request -> new CannedResponse(200, page(StreamItemJson.session("idle", 7))));
    service.answer(
        "GET /api/v1/auth/me",
        request ->
            new CannedResponse(
                200,
                """
                {"user":{"id":"usr_hhhhhhhhhh","tenant_id":"tnt_2222222222","role":"admin",
                  "status":"active","join_method":"local_owner",
                  "created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"},
                 "tenant":{"id":"tnt_2222222222","name":"t","suspended":false,
                  "created_at":"2026-11-20T09:00:00Z","updated_at":"2026-11-20T09:00:00Z"},
                 "actor":"user:usr_hhhhhhhhhh","credential_id":"key_2222222222","role":"admin",
                 "scopes":[],"operator":true,"local_owner":true}"""));
    service.answer(
        "GET " + SESSION + "/messages",
        request -> new CannedResponse(200, page(StreamItemJson.prompt("an earlier prompt"))));
    answer("/exit");
    assertThat(runCli("io", "chat", "-c")).isEqualTo(ExitCode.OK);
    assertThat(service.requests("POST /api/v1/sessions")).isEmpty();
    assertThat(shown()).contains("› an earlier prompt\n");
  }

  @Test
  void workspaceIsAskedForAndAWrongAnswerIsAskedAgain() throws Exception {
    Files.writeString(folder.resolve("a.txt"), "12345");
    answer("yes", "i", "/exit");
    runCli("io", "chat");
    assertThat(shown())
        .contains("Work on " + folder + " (1 file, 5 B)?")
        .contains("please type c, i, e or q");
    assertThat(service.requests("POST /api/v1/sessions").getFirst().body())
        .contains("\"type\":\"in_place\",\"path\":\"" + folder + "\"");
  }

  @Test
  void sizeOfALargeFolderIsNamedBeforeItIsUsedInPlace() throws Exception {
    try (var sparse = new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
      sparse.setLength(300L << 20);
    }
    answer("n");
    assertThat(runCli("io", "run", "--in-place", "x")).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(shown()).contains(folder + " has 1 file, 300.0 MiB, which checkpoints copy");
    assertThat(service.requests("POST /api/v1/sessions")).isEmpty();
    runCli("", "run", "--in-place", "x");
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("has 1 file, 300.0 MiB");
    assertThat(service.requests("POST /api/v1/sessions")).hasSize(1);
  }

  @Test
  void userCanLeaveBeforeAnythingIsOpened() {
    answer("q");
    assertThat(runCli("io", "run", "x")).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(service.requests("POST /api/v1/sessions")).isEmpty();
  }

  @Test
  void withoutATerminalTheChoiceOfTheWorkspaceIsNamed() {
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    runCli("", "run", "x");
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("the workspace is empty; --dir . works on a copy of this folder");
    assertThat(runCli("", "chat")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("chat needs a terminal");
  }
}
