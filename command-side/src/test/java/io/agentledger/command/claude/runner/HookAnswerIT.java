package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.process.ClaudeProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses of a hook beside a decision: an end of the run, and messages for users. */
class HookAnswerIT extends HookTestSupport {
  /**
   * The tool is not executed either; the run ends after the calls that the model made at the same
   * time.
   */
  @Tag("exhaustive")
  @ParameterizedTest
  @CsvSource({
    "USER_PROMPT_SUBMIT, 0",
    "PRE_TOOL_USE, 1",
    "POST_TOOL_USE, 1",
    "POST_TOOL_BATCH, 1",
    "STOP, 2"
  })
  void stoppingHookEndsTheRunWithItsReason(HookPoint point, int answers) {
    says = input -> "{\"continue\": false, \"stopReason\": \"that is enough\"}";
    hook(point, plain());
    open();
    submitQuery("scenario: ask-bash");
    RunCompleted completed = awaitEvent(RunCompleted.class);
    assertThat(completed.stopReason()).isEqualTo(StopReason.HOOK);
    assertThat(events(TurnFinished.class)).hasSize(answers);
    assertThat(executed())
        .hasSize(1)
        .allMatch(call -> call.outcome() == HookOutcome.DENIED)
        .allMatch(call -> detail(call).equals("that is enough"));
    boolean ran = point != HookPoint.USER_PROMPT_SUBMIT && point != HookPoint.PRE_TOOL_USE;
    assertThat(events(ToolCalled.class))
        .filteredOn(call -> call.verdict() == Verdict.ALLOWED)
        .hasSize(ran ? 1 : 0);

    archive();
    submitQuery("scenario: ask-bash");
    assertThat(result(awaitEvents(RunCompleted.class, 2).getLast())).startsWith("It is done");
  }

  @Test
  void processThatIsKilledDuringAHookFailsTheRunByItsEnd() {
    says =
        input -> {
          says = next -> "";
          kill(pool.find(session).orElseThrow().context().process());
          return "";
        };
    hook(HookPoint.POST_TOOL_USE, plain());
    open();
    submitQuery("scenario: ask-bash");
    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.CLI);
    assertThat(failed.retrying()).isTrue();
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error()))
        .startsWith("the CLI ended");
    awaitEvent(RunCompleted.class);
  }

  private static void kill(ClaudeProcess process) {
    try {
      process.kill();
    } catch (IOException unkillable) {
      throw new UncheckedIOException(unkillable);
    }
    await().pollInterval(1, MILLISECONDS).until(() -> !process.isAlive());
  }

  @Test
  void failedToolCanEndTheRun() {
    says = input -> "{\"continue\": false, \"stopReason\": \"that is enough\"}";
    hook(HookPoint.POST_TOOL_USE_FAILURE, plain());
    open();
    submitQuery(
        """
        ```rehearsal
        - calls:
            - {tool: Bash, input: {command: "false", description: fail}}
        - say: "I go on."
        ```
        """);
    assertThat(awaitEvent(RunCompleted.class).stopReason()).isEqualTo(StopReason.HOOK);
    assertThat(events(TurnFinished.class)).hasSize(1);
  }

  @Test
  void hookReplacesTheToolOutputForTheModel() {
    says =
        input ->
            """
            {"hookSpecificOutput": {"hookEventName": "PostToolUse", "updatedToolOutput":
              {"stdout": "nothing to see", "stderr": "", "interrupted": false, "isImage": false}}}
            """;
    hook(HookPoint.POST_TOOL_USE, plain());
    open();
    submitQuery("scenario: ask-bash");
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("It is done: nothing to see");
    ToolReturned returned = awaitEvent(ToolReturned.class);
    assertThat(sealer.open(session, ToolReturned.class, "output", returned.output()))
        .contains("nothing to see")
        .doesNotContain("made");
    assertThat(executed()).allMatch(call -> detail(call).equals("the output was changed"));
  }

  @Test
  void hookReplacesTheMcpToolOutputForTheModel() {
    says =
        input ->
            """
            {"hookSpecificOutput": {"hookEventName": "PostToolUse",
              "updatedMCPToolOutput": "nothing to see"}}
            """;
    hook(HookPoint.POST_TOOL_USE, plain());
    open(new SessionTools(List.of(), List.of(LOOKUP)));
    submitQuery(
        """
        ```rehearsal
        - calls:
            - {tool: mcp__client__lookup, input: {}}
        - say: "It said: {{last}}"
        ```
        """);
    var call = awaitEvent(ClientToolCalled.class);
    submitInput(new Input.AnswerTool(call.actionId(), false, new Json("\"a secret\"")));
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("It said: nothing to see");
  }

  private static final ClientTool LOOKUP =
      new ClientTool("lookup", "Looks it up.", new Json("{\"type\":\"object\"}"));

  private void open(SessionTools tools) {
    open(RunOverrides.NONE, tools);
  }

  @Test
  void hooksUserMessageIsRecordedButNotSentToTheModel() {
    says =
        input ->
            """
            {"systemMessage": "seen by the auditors", "hookSpecificOutput":
              {"hookEventName": "PreToolUse", "permissionDecision": "deny",
               "permissionDecisionReason": "not today"}}
            """;
    hook(HookPoint.PRE_TOOL_USE, plain());
    open();
    submitQuery("scenario: ask-bash");
    assertThat(result(awaitEvent(RunCompleted.class)))
        .contains("not today")
        .doesNotContain("auditors");
    assertThat(executed()).allMatch(call -> detail(call).equals("seen by the auditors\nnot today"));
  }
}
