package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.FakeService;
import io.agentledger.client.FakeService.CannedResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that a command that fails names what its user typed, and the cure. */
@Timeout(120)
class CommandErrorsTest extends CliFixture {
  private static final String SESSION = "/api/v1/sessions/" + FakeService.SESSION;

  @BeforeEach
  void withoutColours() {
    environment.put("NO_COLOR", "1");
    environment.put("AGENTLEDGER_COMMAND", "./agentledger");
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static CannedResponse invalid(String... errors) {
    return new CannedResponse(
        400,
        """
        {"code":"invalid_request","detail":"The request is not valid.","errors":[%s]}"""
            .formatted(String.join(",", errors)));
  }

  private void refuseInputs(CannedResponse response) {
    service.answer(INPUTS, request -> response);
    service.answer("DELETE " + SESSION, request -> new CannedResponse(204, ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "fly|There is no command 'agentledger fly'. (see agentledger --help)",
        "policies fly|There is no command 'agentledger policies fly'.",
        "sessions extra|The argument 'extra' is too many. (see agentledger sessions --help)",
        "sessions --limit abc|--limit: 'abc' is not a whole number (see",
        "sessions --limit 99999999999|--limit: '99999999999' is too large (see",
        "sessions --activity busy|'busy' is not one of idle, running, waiting, retrying, ended",
        "sessions --executor cron|--executor: 'cron' is not one of interactive, background",
        "tail ses_1|SESSION: a session's id must be ses_",
        "policies add x|One of --deny, --ask, --allow is required. (see",
        "policies add --deny Bash --ask Read x|agentledger: --deny=TOOL, --ask=TOOL are mutually",
        "approve foo|ACTION: 'foo' is no id of an action (act_...) or a session (ses_...)",
        "run --model= x|--model must name a model.",
        "run --allow= x|--allow must name a tool.",
        "run --deny= x|--deny must name a tool.",
      })
  void wrongCommandLineIsExplainedInTheWordsOfItsUser(String commandLine, String message) {
    assertThat(runCli("", commandLine.split(" "))).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains(message).doesNotContain("index", "Error:");
    assertThat(service.requests("POST /api/v1/sessions")).isEmpty();
  }

  @Test
  void refusedOptionIsNamedAndNoSessionIsLeft() {
    refuseInputs(
        invalid(
            """
            {"pointer":"/inputs/0/options/allowed_tools/0","detail":"names no tool: Bsh"}"""));
    assertThat(runCli("", "run", "--allow", "Bsh", "--empty", "hi")).isEqualTo(ExitCode.USAGE);
    assertThat(errors())
        .isEqualTo("agentledger: --allow: names no tool: Bsh (see agentledger run --help)\n");
    assertThat(shown())
        .contains("ses_aaaaaaaaaa is deleted: its prompt was refused")
        .doesNotContain("continue:");
    assertThat(service.requests("DELETE " + SESSION)).hasSize(1);
  }

  @Test
  void sessionThatWasNamedSurvivesARefusedPrompt() {
    refuseInputs(invalid("{\"pointer\":\"/inputs/0/options/model\",\"detail\":\"is no model\"}"));
    assertThat(runCli("", "run", "--session", FakeService.SESSION, "--model", "x", "hi"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors()).startsWith("agentledger: --model: is no model (see");
    assertThat(shown()).contains("continue:");
    assertThat(service.requests("DELETE " + SESSION)).isEmpty();
  }

  @Test
  void sessionOfAPromptThatMayHaveBeenAcceptedSurvives() {
    refuseInputs(new CannedResponse(500, "{\"code\":\"internal\",\"detail\":\"A fault.\"}"));
    assertThat(runCli("", "run", "--empty", "hi")).isEqualTo(ExitCode.SERVICE);
    assertThat(shown()).contains("continue:");
    assertThat(service.requests("DELETE " + SESSION)).isEmpty();
  }

  @Test
  void refusedFieldThatTheUserDidNotTypeKeepsItsPointer() {
    refuseInputs(
        invalid(
            "{\"pointer\":\"/inputs/0/prompt\",\"detail\":\"is long\"}",
            "{\"pointer\":\"/inputs/0/options/model\",\"detail\":\"is no model\"}"));
    assertThat(runCli("", "run", "--empty", "hi")).isEqualTo(ExitCode.FAILED);
    assertThat(errors()).contains("/inputs/0/prompt: is long; /inputs/0/options/model: is no");
  }

  @Test
  void conversationNamesTheOptionThatIsRefused() {
    service.answer(
        "GET " + SESSION + "/messages",
        request -> new CannedResponse(200, "{\"items\":[],\"next_cursor\":null}"));
    service.answer(
        "GET " + SESSION + "/runs",
        request -> new CannedResponse(200, "{\"items\":[],\"next_cursor\":null}"));
    refuseInputs(
        invalid(
            """
            {"pointer":"/inputs/0/options/disallowed_tools/1","detail":"names no tool: Rad"}"""));
    answer("hello", "/exit");
    assertThat(runCli("io", "chat", "--empty", "--deny", "Bash", "--deny", "Rad"))
        .isEqualTo(ExitCode.OK);
    assertThat(shown()).contains("! --deny: names no tool: Rad\n");
  }

  @Test
  void refusedVariableIsNamed() {
    service.answer(
        "POST /api/v1/tasks/tsk_aaaaaaaaaa/run",
        request -> invalid("{\"pointer\":\"/variables/who\",\"detail\":\"must match [a-z]+\"}"));
    assertThat(runCli("", "tasks", "run", "--var", "who=1", "tsk_aaaaaaaaaa"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors()).startsWith("agentledger: --var who: must match [a-z]+ (see");
  }

  @Test
  void missingVariableIsNamed() {
    service.answer(
        "POST /api/v1/tasks/tsk_aaaaaaaaaa/run",
        request -> invalid("{\"pointer\":\"/variables/who\",\"detail\":\"is required\"}"));
    assertThat(runCli("", "tasks", "run", "tsk_aaaaaaaaaa")).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).startsWith("agentledger: --var who: is required (see");
  }

  @Test
  void callThatDoesNotWaitIsNotDecided() {
    service.answer(
        "GET /api/v1/pending-actions",
        request ->
            new CannedResponse(
                200,
                request.path().contains("cursor=next")
                    ? "{\"items\":[" + question() + "],\"next_cursor\":null}"
                    : "{\"items\":[],\"next_cursor\":\"next\"}"));
    assertThat(runCli("", "approve", "act_2222222222")).isEqualTo(ExitCode.FAILED);
    assertThat(runCli("", "deny", "ses_2222222222")).isEqualTo(ExitCode.FAILED);
    assertThat(runCli("", "approve", FakeService.ACTION)).isEqualTo(ExitCode.FAILED);
    assertThat(errors())
        .contains("act_2222222222 does not wait for a decision: it is unknown, or decided already")
        .contains("ses_2222222222 has no call that waits for a decision")
        .contains(
            FakeService.ACTION + " waits for an answer, not for a decision",
            "./agentledger tail --ask --from-start " + FakeService.SESSION);
    assertThat(service.requests(INPUTS)).isEmpty();
  }

  private static String question() {
    return """
        {"session_id":"%s","action_id":"%s","type":"question","run_id":"%s","thread_id":"%s",
         "tool_call_id":"%s","tool":"AskUserQuestion","input":{},
         "requested_at":"2026-11-20T09:00:00Z"}"""
        .formatted(
            FakeService.SESSION,
            FakeService.ACTION,
            FakeService.RUN,
            FakeService.THREAD,
            FakeService.CALL);
  }

  @Test
  void refusedRuleOfAPolicyIsReportedAboutItsOption() {
    service.answer(
        "POST /api/v1/policies",
        request ->
            new CannedResponse(
                400,
                """
                {"code":"policy_refused",
                 "detail":"The rule rule has a command that is not a valid RE2 expression: x."}"""));
    assertThat(runCli("", "policies", "add", "--deny", "Bash", "--command", "(", "p"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors())
        .startsWith("agentledger: --command: it is not a valid RE2 expression: x. (see");
  }

  @Test
  void refusedToolOfAPolicyIsReportedAboutItsOption() {
    service.answer(
        "POST /api/v1/policies",
        request -> invalid("{\"pointer\":\"/rules/0/tools/0\",\"detail\":\"names no tool: Bsh\"}"));
    assertThat(runCli("", "policies", "add", "--ask", "Bsh", "p")).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).startsWith("agentledger: --ask: names no tool: Bsh (see");
  }

  @Test
  void interruptOfASessionWithoutARunNamesNoRoute() {
    service.answer(
        INPUTS,
        request ->
            new CannedResponse(
                409,
                """
                {"code":"nothing_running",
                 "detail":"No run is in progress. POST /sessions/{id}/query starts a run."}"""));
    assertThat(runCli("", "interrupt", FakeService.SESSION)).isEqualTo(ExitCode.FAILED);
    assertThat(errors()).isEqualTo("agentledger: ses_aaaaaaaaaa has no run in progress\n");
  }

  @Test
  void fileThatCannotBeWrittenIsNamed() {
    service.answer(
        "GET " + SESSION + "/files/content", request -> new CannedResponse(200, "content"));
    assertThat(runCli("", "get", FakeService.SESSION, "a.txt", "-o", "nope/x"))
        .isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains("--output: the folder of nope/x does not exist.");
  }

  @Test
  void startIsNamedWhenNoServiceRuns() {
    environment.remove("AGENTLEDGER_URL");
    environment.put("AGENTLEDGER_HOME", folder.toString());
    for (var command : new String[] {"sessions", "status", "approve"}) {
      err.reset();
      assertThat(runCli("", command)).isEqualTo(ExitCode.SERVICE);
      assertThat(errors())
          .isEqualTo(
              "agentledger: No service runs from "
                  + folder
                  + ": start one with ./agentledger start\n");
    }
  }
}
