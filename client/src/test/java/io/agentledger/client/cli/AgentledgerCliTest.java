package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import io.agentledger.client.StreamItemJson;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sun.misc.Signal;

/** Tests the terminal program: arguments and input, output, exit status. */
@Timeout(120)
class AgentledgerCliTest extends CliFixture {
  @Test
  void runIsPrintedAsPlainLinesWithoutATerminal() {
    service.send(
        StreamItemJson.init(2),
        StreamItemJson.delta(0, "text", "I will look."),
        StreamItemJson.message(3, 0, "text", "I will look."),
        StreamItemJson.called(4, "Read", "{\"file_path\":\"notes.txt\"}", "allowed"),
        StreamItemJson.returned(5, "\"one\\ntwo\"", "returned"),
        StreamItemJson.delta(1, "text", "It says "),
        StreamItemJson.delta(1, "text", "one, two."),
        StreamItemJson.message(6, 1, "text", "It says one, two."),
        StreamItemJson.result(7, "completed", false, "It says one, two."));
    assertThat(runCli("", "run", "What is in here?")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .isEqualTo(
            """
            Agentledger 0.1.0 · REHEARSAL: scripted answers, no model · sandbox full
            ses_aaaaaaaaaa · workspace: 3 files, 2.0 KiB
            rehearsal-1 · sandbox shared-uid · Claude CLI 2.1.197
            ! MCP server files: failed
            I will look.
            ● Read notes.txt
              └ 2 lines, 7 B
            It says one, two.

            ✓ completed · 8.4 s · 3 turns · 120 tokens in, 30 out · $0 · REHEARSAL: scripted answers, no model
              %1$s/api/v1/sessions/ses_aaaaaaaaaa
              continue:  agentledger chat --session ses_aaaaaaaaaa
            """
                .formatted(service.address()));
  }

  @Test
  void missedTransientEventsAreCompletedFromTheEvent() {
    service.send(
        StreamItemJson.delta(0, "text", "Half of"),
        StreamItemJson.message(2, 0, "text", "Half of it."),
        StreamItemJson.message(3, 1, "text", "And this."),
        StreamItemJson.result(4, "completed", false, ""));
    runCli("", "run", "x");
    assertThat(shown()).contains("\nHalf of it.\nAnd this.\n");
  }

  @Test
  void lateEventDoesNotBreakTheNextBlock() {
    service.send(
        StreamItemJson.delta(0, "thinking", "Hm."),
        StreamItemJson.delta(1, "text", "This is "),
        StreamItemJson.message(2, 0, "thinking", "Hm."),
        StreamItemJson.delta(1, "text", "one line."),
        StreamItemJson.message(3, 1, "text", "This is one line."),
        StreamItemJson.result(4, "completed", false, ""));
    runCli("", "run", "x");
    assertThat(shown()).contains("(thinking) Hm.\nThis is one line.\n");
  }

  @Test
  void informationalItemsAndRefusalsAreShown() {
    service.send(
        StreamItemJson.progress("\"progress_type\":\"status\",\"status\":\"requesting\""),
        StreamItemJson.progress(
            "\"progress_type\":\"notice\",\"level\":\"warning\",\"text\":\"a word\\u001b[2J\""),
        StreamItemJson.statusEvent(
            2,
            "status",
            "ModelRefused",
            "\"model\":\"m-5\",\"fallback_model\":\"m-4\",\"category\":\"cyber\""),
        StreamItemJson.result(3, "completed", false, "Done."));
    runCli("", "run", "x");
    assertThat(shown())
        .contains("a word")
        .doesNotContain("\u001b[2J", "requesting")
        .contains("! m-5 refused to answer (cyber); m-4 takes over");
  }

  @Test
  void runThatWaitsForBudgetIsNotWaitedFor() {
    service.send(StreamItemJson.statusEvent(2, "status", "RunPaused", "\"totals\":{}"));
    assertThat(runCli("", "run", "x")).isEqualTo(ExitCode.FAILED);
    assertThat(shown())
        .contains("! paused: the budget is spent")
        .contains("the run continues when its budget is raised; follow it with agentledger tail");
  }

  @Test
  void failedRunExitsWithAFailure() {
    service.send(StreamItemJson.result(2, "model", true, "The model did not answer."));
    assertThat(runCli("", "run", "x")).isEqualTo(ExitCode.FAILED);
    assertThat(shown()).contains("The model did not answer.").contains("✗ model");
  }

  @Test
  void runWithoutATerminalAsksNobody() {
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    runCli("", "run", "x");
    assertThat(service.requests(INPUTS).getFirst().body())
        .contains("\"options\":{\"permission_mode\":\"dontAsk\"}");
    runCli("io", "run", "--empty", "x");
    assertThat(service.requests(INPUTS).getLast().body()).doesNotContain("permission_mode");
  }

  @Test
  void runWithoutATerminalKeepsAModeThatTheSessionWasGiven() {
    service.answer(
        "GET /api/v1/sessions/" + FakeService.SESSION,
        request ->
            new CannedResponse(
                200,
                StreamItemJson.session("idle", 1).replace("\"default\",\"all", "\"plan\",\"all")));
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    runCli("", "run", "--session", FakeService.SESSION, "x");
    assertThat(service.requests(INPUTS).getFirst().body()).doesNotContain("permission_mode");
  }

  @Test
  void permissionIsLeftOpenWithAHintWithoutATerminal() {
    service.send(StreamItemJson.permission(2));
    var ended =
        CompletableFuture.supplyAsync(() -> runCli("", "run", "--permission-mode", "default", "x"));
    await()
        .until(
            () ->
                shown()
                    .contains(
                        "nobody to ask here; decide:  agentledger approve " + FakeService.ACTION));
    service.send(
        StreamItemJson.decided(3, "allow"), StreamItemJson.result(4, "completed", false, "Done."));
    assertThat(ended.join()).isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS)).hasSize(1);
  }

  @Test
  void runWithADeniedCallIsNoPlainSuccess() {
    service.send(
        StreamItemJson.called(2, "Write", "{\"file_path\":\"x\"}", "denied"),
        StreamItemJson.result(3, "completed", false, "I was not allowed to."));
    assertThat(runCli("", "run", "--deny", "Write", "x")).isEqualTo(ExitCode.FAILED);
    assertThat(shown())
        .contains("● Write x  denied (the rule)")
        .contains("! 1 call denied by a rule");
  }

  @Test
  void callThatNobodyCouldBeAskedAboutWasNotDeniedByARule() {
    service.send(
        StreamItemJson.called(2, "Bash", "{\"command\":\"npm test\"}", "denied")
            .replace("the rule", "denied: nobody to ask (mode dontAsk); no rule allows it"),
        StreamItemJson.result(3, "completed", false, "I was not allowed to."));
    assertThat(runCli("", "run", "x")).isEqualTo(ExitCode.FAILED);
    assertThat(shown())
        .contains("● Bash npm test  denied: nobody to ask (mode dontAsk); no rule allows it\n")
        .contains("! 1 call denied: nobody to ask")
        .doesNotContain("by a rule");
  }

  @Test
  void userDecidesAtATerminal() {
    decisionEndsTheRun();
    service.send(StreamItemJson.permission(2));
    answer("maybe", "d", "y");
    assertThat(runCli("io", "run", "--empty", "x")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("no rule allows it")
        .contains("please type y, a, n or d")
        .contains("\"command\" : \"npm test\"");
    assertThat(service.requests(INPUTS).getLast().body()).contains("\"decision\":\"allow\"");
  }

  @Test
  void userAllowsAToolForTheSession() {
    decisionEndsTheRun();
    service.send(StreamItemJson.permission(2));
    answer("a");
    assertThat(runCli("io", "run", "--empty", "x")).isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS).getLast().body())
        .contains("\"decision\":\"allow\"", "\"remember\":\"tool\"");
  }

  @Test
  void outputOfToolsIsPrintedOnRequest() {
    service.send(
        StreamItemJson.called(2, "Read", "{\"file_path\":\"notes.txt\"}", "allowed"),
        StreamItemJson.returned(3, "\"one\\ntwo\"", "returned"),
        StreamItemJson.result(4, "completed", false, "Done."));
    runCli("", "run", "--verbose", "x");
    assertThat(shown()).contains("  └ 2 lines, 7 B\n    one\n    two\n");
  }

  @Test
  void decisionMadeElsewhereEndsThePrompt() throws IOException {
    in = new PipedInputStream(new PipedOutputStream());
    service.send(StreamItemJson.permission(2));
    var ended = CompletableFuture.supplyAsync(() -> runCli("io", "run", "--empty", "x"));
    await().until(() -> shown().contains("allow?"));
    service.send(
        StreamItemJson.decided(3, "allow"), StreamItemJson.result(4, "completed", false, "Done."));
    assertThat(ended.join()).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("no longer asked here").contains("allowed by another user");
    assertThat(service.requests(INPUTS)).hasSize(1);
  }

  @Test
  void closedTerminalLeavesThePermissionOpen() {
    service.send(StreamItemJson.permission(2));
    var ended = CompletableFuture.supplyAsync(() -> runCli("io", "run", "--empty", "x"));
    await().until(() -> shown().contains("nobody to ask here; decide:"));
    service.send(
        StreamItemJson.decided(3, "deny"), StreamItemJson.result(4, "completed", false, "No."));
    assertThat(ended.join()).isEqualTo(ExitCode.OK);
    assertThat(service.requests(INPUTS)).hasSize(1);
  }

  @Test
  void questionIsAnsweredByNumber() {
    decisionEndsTheRun();
    service.send(StreamItemJson.question(2));
    answer("7", "1");
    runCli("io", "run", "--empty", "x");
    assertThat(shown())
        .contains("Which?")
        .contains("1. Red - warm")
        .contains("2. Blue")
        .contains("please type 1 to 2");
    assertThat(service.requests(INPUTS).getLast().body())
        .contains("\"answers\":{\"Which?\":\"Red\"}");
  }

  @Test
  void elicitationIsFilledInFieldByField() {
    decisionEndsTheRun();
    service.send(StreamItemJson.elicitation(2));
    answer("y", "Ada", "7", "");
    runCli("io", "run", "--empty", "x");
    assertThat(shown()).contains("shop asks: Who pays?").contains("Your name: ");
    assertThat(service.requests(INPUTS).getLast().body())
        .contains("\"action\":\"accept\"")
        .contains("\"content\":{\"name\":\"Ada\",\"count\":7,\"size\":\"M\"}");
  }

  @Test
  void questionsAreLeftOpenWithAHintWithoutATerminal() {
    var hint = "nobody to ask here; answer at a terminal:  agentledger tail --ask --after %d %s";
    service.send(
        StreamItemJson.question(2),
        StreamItemJson.elicitation(3),
        StreamItemJson.result(4, "completed", false, "Done."));
    assertThat(runCli("", "run", "--permission-mode", "plan", "x")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("1. Red - warm")
        .contains(hint.formatted(1, FakeService.SESSION))
        .contains(hint.formatted(2, FakeService.SESSION));
    assertThat(service.requests(INPUTS)).hasSize(1);
  }

  @Test
  void agentOutputCannotControlTheTerminal() {
    service.send(
        StreamItemJson.delta(0, "text", "\\u001b]0;owned\\u0007\\u001b[2Jhi"),
        StreamItemJson.message(2, 0, "text", "\\u001b]0;owned\\u0007\\u001b[2Jhi"),
        StreamItemJson.called(3, "Bash\\u001b[1A", "{\"command\":\"ls\\u009b2J\"}", "denied"),
        StreamItemJson.result(4, "completed", false, "\\u001b[31mred"));
    runCli("", "run", "x");
    assertThat(shown()).doesNotContain("\u001b").doesNotContain("\u009b").contains("hi");
    assertThat(shown()).contains("● Bash[1A ls2J  denied (the rule)");
  }

  @Test
  void colorsAreForTerminalsThatWantThem() {
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    runCli("o", "run", "--empty", "x");
    assertThat(shown()).contains("\u001b[32m✓");
    out.reset();
    environment.put("NO_COLOR", "1");
    runCli("o", "run", "--empty", "x");
    assertThat(shown()).doesNotContain("\u001b[32m").contains("✓ completed");
  }

  @Test
  void commandLineRulesAreSentWithThePrompt() {
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    runCli(
        "",
        "run",
        "--allow",
        "Bash(ls:*)",
        "--deny",
        "Write",
        "--permission-mode",
        "acceptedits",
        "--model",
        "m",
        "do",
        "it");
    assertThat(service.requests(INPUTS).getFirst().body())
        .isEqualTo(
            """
            {"inputs":[{"type":"prompt","prompt":"do it","options":{"model":"m",\
            "permission_mode":"acceptEdits","allowed_tools":["Bash(ls:*)"],\
            "disallowed_tools":["Write"]}}]}""");
  }

  @Test
  void directoryIsSentAsAnAbsolutePath() throws IOException {
    Files.createDirectory(folder.resolve("a b"));
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    runCli("", "run", "--dir", "a b", "x");
    assertThat(service.requests("POST /api/v1/sessions").getFirst().body())
        .contains("{\"workspace\":{")
        .contains("\"path\":\"" + folder.resolve("a b") + "\"");
  }

  @Test
  void directoryIsUsedInPlaceOnRequest() throws IOException {
    Files.createDirectory(folder.resolve("mine"));
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    runCli("", "run", "--in-place", "--dir", "mine", "x");
    assertThat(service.requests("POST /api/v1/sessions").getFirst().body())
        .contains("{\"type\":\"in_place\",\"path\":\"" + folder.resolve("mine") + "\"}");
    assertThat(runCli("", "run", "--in-place", "--session", "ses_2222222222", "x"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void promptCanComeFromStandardInput() {
    pipe("from\nthe pipe");
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    runCli("", "run", "-");
    assertThat(service.requests(INPUTS).getFirst().body()).contains("from\\nthe pipe");
  }

  @Test
  void invalidCommandLineIsExplainedBeforeAnyEffect() {
    assertThat(runCli("", "run")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "run", "--dir", "nowhere", "x")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "run", "--permission-mode", "yolo", "x")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "tail", "ses_1")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("", "fly")).isEqualTo(ExitCode.USAGE);
    assertThat(runCli("")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("There is no folder nowhere.")
        .contains("'yolo' is not one of default")
        .contains("a session's id must be ses_");
    assertThat(service.requests("POST /api/v1/sessions")).isEmpty();
  }

  @Test
  void numberOutOfRangeIsAUsageErrorInOneLine() {
    assertUsageError(
        "agentledger: --limit must be 1 to 500, not 0. (see agentledger sessions --help)\n",
        "sessions",
        "--limit",
        "0");
    assertUsageError(
        "agentledger: --limit must be 1 to 500, not 501. (see agentledger sessions --help)\n",
        "sessions",
        "--limit=501");
    assertUsageError(
        "agentledger: --after must be at least 0, not -1. (see agentledger events --help)\n",
        "events",
        "--after",
        "-1",
        FakeService.SESSION);
    assertUsageError(
        "agentledger: --after must be at least 0, not -1. (see agentledger tail --help)\n",
        "tail",
        "--after=-1",
        FakeService.SESSION);
    assertUsageError(
        "agentledger: --max-turns must be 1 to 1000, not 0. (see agentledger run --help)\n",
        "run",
        "--max-turns",
        "0",
        "x");
    assertUsageError(
        "agentledger: --max-turns must be 1 to 1000, not 1001. (see agentledger run --help)\n",
        "run",
        "--max-turns",
        "1001",
        "x");
    assertThat(runCli("", "sessions", "--limit", "99999999999")).isEqualTo(ExitCode.USAGE);
    assertThat(service.requests("POST /api/v1/sessions")).isEmpty();
  }

  private void assertUsageError(String message, String... arguments) {
    err.reset();
    assertThat(runCli("", arguments)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(message);
  }

  @Test
  void unknownCommandSuggestsTheNearest() {
    assertThat(runCli("", "sesions")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("agentledger: There is no command 'agentledger sesions'.")
        .contains("agentledger sessions");
  }

  @Test
  void refusedQueryParameterIsNamed() {
    service.answer(
        "GET /api/v1/sessions",
        request ->
            new CannedResponse(
                400,
                """
                {"code":"invalid_request","detail":"The request is not valid.",
                 "errors":[{"parameter":"origin","detail":"must be one of fresh, forked"}]}"""));
    assertThat(runCli("", "sessions", "--origin", "foo")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("agentledger: --origin: must be one of fresh, forked (see");
  }

  @Test
  void unavailableServiceAndRejectionHaveTheirOwnExitStatus() {
    service.answer(
        "GET /api/v1/sessions/" + FakeService.SESSION,
        request ->
            new CannedResponse(
                404, "{\"code\":\"session_not_found\",\"detail\":\"There is no session.\"}"));
    assertThat(runCli("", "tail", FakeService.SESSION)).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("There is no session.");
    environment.put("AGENTLEDGER_KEY", "not-a-key");
    assertThat(runCli("", "sessions")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("Authenticate first.");
    environment.clear();
    environment.put("AGENTLEDGER_HOME", folder.toString());
    assertThat(runCli("", "status")).isEqualTo(ExitCode.SERVICE);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("No service runs from " + folder);
  }

  @Test
  void ctrlCInterruptsTheRunAndWaitsForItsEnd() throws IOException {
    assumeFalse(interruptsAreIgnored(), "this process was started with SIGINT ignored");
    service.answer(
        INPUTS,
        request -> {
          if (request.body().contains("interrupt"))
            service.send(StreamItemJson.result(2, "interrupted", false, ""));
          return new CannedResponse(
              200, StreamItemJson.receipt(1, request.body().contains("\"prompt\"")));
        });
    var ended = CompletableFuture.supplyAsync(() -> runCli("", "run", "x"));
    await().until(() -> service.connections() == 1);
    Signal.raise(new Signal("INT"));
    assertThat(ended.join()).isEqualTo(ExitCode.INTERRUPTED);
    assertThat(shown()).contains("! interrupting the run").contains("■ interrupted ·");
  }

  /**
   * Returns whether SIGINT is ignored, as for background processes of a shell without job control;
   * a JVM does not override it.
   */
  static boolean interruptsAreIgnored() throws IOException {
    String mask =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow()
            .substring("SigIgn:".length())
            .strip();
    return (Long.parseUnsignedLong(mask, 16) & 1L << (2 - 1)) != 0;
  }

  @Test
  void runStartsTheServiceIfNoneIsRunning() throws IOException {
    var launcher = folder.resolve("launcher");
    Files.writeString(
        launcher,
        """
        #!/bin/sh
        echo "$1" >>"%1$s/launched"
        printf '{"pid":%2$d,"port":%3$d,"revision":"r"}' >"%1$s/service.json"
        printf %4$s >"%1$s/owner.key"
        """
            .formatted(folder, ProcessHandle.current().pid(), service.port(), FakeService.KEY));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    environment.clear();
    environment.put("AGENTLEDGER_HOME", folder.toString());
    environment.put("AGENTLEDGER_LAUNCHER", launcher.toString());
    service.send(StreamItemJson.result(2, "completed", false, "Done."));
    assertThat(runCli("", "run", "x")).isEqualTo(ExitCode.OK);
    assertThat(runCli("", "run", "x")).isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("launched")).hasContent("start\n");
  }

  @Test
  void tailReplaysThePromptsToo() {
    service.answer(
        "GET /api/v1/sessions/" + FakeService.SESSION,
        request -> new CannedResponse(200, StreamItemJson.session("idle", 4)));
    service.send(
        StreamItemJson.status(1, "SessionOpened", "\"title\":\"t\""),
        StreamItemJson.status(2, "QueryIssued", "\"prompt\":\"What is here?\""),
        StreamItemJson.message(3, 0, "text", "Nothing."),
        StreamItemJson.result(4, "completed", false, "Nothing."));
    assertThat(runCli("", "tail", "--from-start", "--no-follow", FakeService.SESSION))
        .isEqualTo(ExitCode.OK);
    assertThat(shown()).startsWith("› What is here?\nNothing.\n\n✓ completed");
  }

  @Test
  void replayEndsWithThePlayback() {
    service.send(
        StreamItemJson.status(1, "SessionOpened", "\"title\":\"t\""),
        StreamItemJson.status(2, "QueryIssued", "\"prompt\":\"What is here?\""),
        StreamItemJson.message(3, 0, "text", "Nothing."),
        StreamItemJson.playedBack());
    assertThat(runCli("", "replay", "--speed", "10", "--max-pause", "0.5", FakeService.SESSION))
        .isEqualTo(ExitCode.OK);
    assertThat(shown()).isEqualTo("› What is here?\nNothing.\n");
    assertThat(service.requests("GET /api/v1/sessions/" + FakeService.SESSION + "/playback"))
        .singleElement()
        .satisfies(request -> assertThat(request.path()).endsWith("?speed=10.0&max_gap_ms=500"));
  }

  @Test
  void searchFollowsPagesUntilItHasEnough() {
    var hit =
        """
        {"items":[{"session_id":"ses_aaaaaaaaaa","title":"t","kind":"tool_input","message_id":null,
        "tool_call_id":"tcl_aaaaaaaaaa","tool":"Bash","outcome":"returned","sequence":7,
        "at":"2026-11-20T09:00:00Z","snippet":"echo \\u001b[31m quince",
        "highlights":[{"start":11,"end":17}]}],"next_cursor":null,"searched_until":null}
        """;
    service.answer(
        "GET /api/v1/search",
        request ->
            new CannedResponse(
                200,
                request.path().contains("cursor=")
                    ? hit
                    : "{\"items\":[],\"next_cursor\":\"c1\",\"searched_until\":\"2026-11-20T09:00:00Z\"}"));
    assertThat(runCli("", "search", "--kind", "tool_input", "quince jam", "echo"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown())
        .startsWith("ses_aaaaaaaaaa  event 7  ")
        .contains("tool_input  Bash\n", "quince")
        .doesNotContain("\u001b[31m");
    assertThat(service.requests("GET /api/v1/search"))
        .extracting(request -> request.path().replaceAll(".*[?]", ""))
        .containsExactly(
            "limit=20&q=%22quince+jam%22+echo&kind=tool_input",
            "limit=20&cursor=c1&q=%22quince+jam%22+echo&kind=tool_input");
  }

  @Test
  void searchTakesAUserAndDays() {
    service.answer(
        "GET /api/v1/search",
        request ->
            new CannedResponse(200, "{\"items\":[],\"next_cursor\":null,\"searched_until\":null}"));
    assertThat(
            runCli(
                "", "search", "--user=usr_aaaaaaaaaa", "--from=2026-11-01", "--to=2026-11-02", "x"))
        .isEqualTo(ExitCode.OK);
    var start = LocalDate.parse("2026-11-01").atStartOfDay(ZoneId.systemDefault()).toInstant();
    var end = LocalDate.parse("2026-11-03").atStartOfDay(ZoneId.systemDefault()).toInstant();
    assertThat(service.requests("GET /api/v1/search"))
        .singleElement()
        .extracting(request -> URLDecoder.decode(request.path(), StandardCharsets.UTF_8))
        .asString()
        .contains("user_id=usr_aaaaaaaaaa", "from=" + start, "to=" + end);
    assertThat(runCli("", "search", "--from=2026-11-02", "--to=2026-11-01", "x"))
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void tailOfAnIdleSessionSaysThatItWaits() {
    service.send(
        StreamItemJson.status(1, "SessionOpened", "\"title\":\"t\""),
        StreamItemJson.result(2, "completed", false, "First."));
    service.answer(
        "GET /api/v1/sessions/" + FakeService.SESSION,
        request -> new CannedResponse(200, StreamItemJson.session("idle", 2)));
    var tail =
        CompletableFuture.supplyAsync(
            () -> runCli("", "tail", "--from-start", FakeService.SESSION));
    var waiting = "ses_aaaaaaaaaa is idle; tail waits for more events (Ctrl-C ends it)\n";
    await().until(() -> shown().endsWith(waiting));
    assertThat(shown()).contains("✓ completed");
    service.send(StreamItemJson.result(3, "completed", false, "Second."));
    await()
        .until(
            () ->
                shown()
                    .endsWith("the run has ended; tail waits for more events (Ctrl-C ends it)\n"));
    service.answer(
        "GET /api/v1/sessions/" + FakeService.SESSION + "/events",
        request -> new CannedResponse(404, "{\"code\":\"not_found\",\"detail\":\"Gone.\"}"));
    service.cut();
    assertThat(tail.join()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void eventsPrintsTheEventLog() {
    var first = StreamItemJson.status(1, "SessionOpened", "\"title\":\"t\"");
    service.answer(
        "GET /api/v1/sessions/" + FakeService.SESSION + "/events",
        request -> new CannedResponse(200, "{\"items\":[" + first + "],\"next_cursor\":null}"));
    assertThat(runCli("", "events", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .matches("    1 \\d\\d:\\d\\d:00\\.000 SessionOpened +\\{\"title\":\"t\"}\n");
    out.reset();
    runCli("", "events", "--json", FakeService.SESSION);
    assertThat(shown()).isEqualTo(first + "\n");
  }

  @Test
  void sessionsAreListed() {
    service.answer(
        "GET /api/v1/sessions",
        request ->
            new CannedResponse(
                200,
                "{\"items\":[" + StreamItemJson.session("idle", 7) + "],\"next_cursor\":null}"));
    runCli("", "sessions");
    assertThat(shown()).contains("ses_aaaaaaaaaa  idle").contains("$0.0123");
    runCli("", "sessions", "--executor", "background");
    assertThat(service.requests("GET /api/v1/sessions").getLast().path())
        .endsWith("?limit=20&executor=background");
    runCli("", "sessions", "--origin", "forked");
    assertThat(service.requests("GET /api/v1/sessions").getLast().path())
        .endsWith("?limit=20&origin=forked");
  }

  @Test
  void statusShowsTheAgentsConfiguration() {
    runCli("", "status");
    assertThat(shown())
        .isEqualTo(
            """
            service    %s (0.1.0, revision abc)
            node       node-1
            model      REHEARSAL: scripted answers, no model
            sandbox    full
            claude cli 2.1.197
            """
                .formatted(service.address()));
  }

  @Test
  void statusShowsTheHomeOfALocalService() throws IOException {
    environment.remove("AGENTLEDGER_URL");
    environment.put("AGENTLEDGER_HOME", folder.toString());
    Files.writeString(
        folder.resolve("service.json"),
        "{\"pid\":%d,\"port\":%d,\"revision\":\"abc\"}"
            .formatted(ProcessHandle.current().pid(), service.port()));
    assertThat(runCli("", "status")).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("home       " + folder + "\n");
  }

  @Test
  void costIsRoundedSoThatColumnsKeepTheirPlaces() {
    service.answer(
        "GET /api/v1/sessions",
        request ->
            new CannedResponse(
                200,
                "{\"items\":["
                    + StreamItemJson.session("idle", 7).replace("0.0123", "12.345678912")
                    + ","
                    + StreamItemJson.session("idle", 7).replace("0.0123", "0.00001")
                    + "],\"next_cursor\":null}"));
    runCli("", "sessions");
    assertThat(shown()).contains("$12.3457    ", "<$0.0001    ");
  }

  @Test
  void tailThatDoesNotFollowReplaysTheSession() {
    service.answer(
        "GET /api/v1/sessions/" + FakeService.SESSION,
        request -> new CannedResponse(200, StreamItemJson.session("idle", 2)));
    service.send(
        StreamItemJson.message(1, 0, "text", "An answer."),
        StreamItemJson.result(2, "completed", false, "An answer."));
    assertThat(runCli("", "tail", "--no-follow", FakeService.SESSION)).isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("An answer.", "✓ completed");
  }

  @Test
  void versionIsACommandAndAnOption() {
    environment.put("AGENTLEDGER_REVISION", "abc");
    assertThat(runCli("", "--version")).isEqualTo(ExitCode.OK);
    var version = shown();
    assertThat(version).startsWith("agentledger ").endsWith(" abc\n");
    out.reset();
    runCli("", "version");
    assertThat(shown()).isEqualTo(version);
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(runCli("", "help")).isEqualTo(ExitCode.OK);
    assertThat(shown())
        .contains("run", "chat", "serve", "start", "stop", "tail", "events", "sessions", "status")
        .contains("interrupt", "version", "help");
    for (var command : new String[] {"run", "serve", "tail"}) {
      out.reset();
      assertThat(runCli("", command, "--help")).isEqualTo(ExitCode.OK);
      assertThat(shown()).startsWith("Usage: agentledger " + command);
    }
  }
}
