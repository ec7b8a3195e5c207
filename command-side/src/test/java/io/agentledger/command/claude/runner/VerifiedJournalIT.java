package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.run.ProcessSupervisor;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real CLI's journal matches what its gateway passed on, in spite of faults. */
class VerifiedJournalIT extends RunnerTestSupport {
  private static final RunOverrides ALLOWED =
      new RunOverrides(null, null, List.of("Bash", "Agent"), null, null, null);

  @AfterEach
  void nothingWasAnIncident() {
    assertThat(events(IncidentNoted.class)).isEmpty();
    assertThat(events(RunFailed.class))
        .extracting(RunFailed::failure)
        .doesNotContain(Failure.INTEGRITY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "parallel-tools",
        "broken-stream",
        "broken-after-tool",
        "error-500",
        "error-529",
        "error-event",
        "max-tokens",
        "subagent",
        "thinking",
        "todo"
      })
  void messagesThatTheGatewayPassedOnAreTheModels(String scenario) {
    openShared(() -> open(ALLOWED));
    submitQuery("scenario: " + scenario);
    awaitEvent(RunCompleted.class);
    assertThat(origins()).startsWith(MessageOrigin.MODEL);
  }

  private List<MessageOrigin> origins() {
    return events(MessageReceived.class).stream().map(MessageReceived::origin).toList();
  }

  private void takeOver() throws Exception {
    ProcessSupervisor before = pool.find(session).orElseThrow();
    before.detach();
    before.termination().join();
    recovery.recover();
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow-text", "slow-tool"})
  void restartInTheMiddleOfATurnIsNoIncident(String scenario) throws Exception {
    openShared(() -> open(ALLOWED));
    submitQuery("scenario: " + scenario);
    awaitEvent(RunInitialized.class);
    if (scenario.equals("slow-tool")) awaitEvent(ToolCalled.class);
    takeOver();
    awaitEvent(RunCompleted.class);
    assertThat(events(RunStarted.class)).hasSize(1);
    assertThat(origins()).contains(MessageOrigin.MODEL);
  }

  @Tag("exhaustive")
  @Test
  void newProcessThatResumesACallInProgressIsNoIncident() {
    open(ALLOWED);
    submitQuery("scenario: slow-tool");
    awaitEvent(ToolCalled.class);
    long keeper = pool.find(session).orElseThrow().context().process().identity().pid();
    ProcessHandle.of(keeper).orElseThrow().descendants().forEach(ProcessHandle::destroyForcibly);

    awaitEvent(RunFailed.class);
    awaitEvent(RunCompleted.class);
    assertThat(events(RunStarted.class)).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"slow-text", "slow-tool"})
  void interruptIsNoIncident(String scenario) {
    openShared(() -> open(ALLOWED));
    submitQuery("scenario: " + scenario);
    awaitEvent(RunInitialized.class);
    if (scenario.equals("slow-tool")) awaitEvent(ToolCalled.class);
    submitInput(new Input.Interrupt());
    awaitEvent(RunInterrupted.class);
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
  }

  /** The CLI starts the first call during the stream, and repeats the request without a stream. */
  @ParameterizedTest
  @CsvSource({"1, abort", "2, abort", "3, abort", "2, error", "3, error"})
  void streamThatBreaksWithACallInProgressIsNoIncident(int pieces, String how) {
    openShared(() -> open(ALLOWED));
    submitQuery(
        """
        ```rehearsal
        - break: {after: %d, times: 1, how: %s}
          say: "Two at once."
          pace: {pause: 300ms, size: 4000}
          calls:
            - {tool: Bash, input: {command: "sleep 1; echo one", description: One}}
            - {tool: Bash, input: {command: "echo two", description: Two}}
        - say: "Done."
        ```
        """
            .formatted(pieces, how));
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("Done.");
  }

  @Tag("exhaustive")
  @Test
  void fallbackModelIsNoIncident() {
    open(
        new RunOverrides(
            "claude-opus-4-8", null, null, null, null, null, "claude-sonnet-5", null, null, null));
    submitQuery(
        """
        ```rehearsal
        - choose:
            - if: {model: claude-opus-4-8}
              fail: {status: 529, message: Overloaded}
            - say: "The other one answers."
        ```
        """);
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("The other one answers.");
  }

  @Test
  void commandInTheBackgroundIsNoIncident() {
    open(ALLOWED);
    submitQuery("scenario: background-bash");
    awaitEvents(RunCompleted.class, 2);
    assertThat(events(TaskEnded.class)).isNotEmpty();
  }

  @Test
  void callThatTheCliRefusesByItselfIsNoIncident() {
    openShared(() -> open(ALLOWED));
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {nothing: "of the schema"}
        - say: "It was refused."
        ```
        """);
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("It was refused.");
    assertThat(events(ToolReturned.class)).hasSize(1);
  }

  @Tag("exhaustive")
  @Test
  void errorOfTheApiIsTheClisOwnMessage() {
    open();
    submitQuery("```rehearsal\n- fail: {status: 400, message: \"No.\"}\n```\n");
    awaitEvent(RunFailed.class);
    assertThat(origins()).containsOnly(MessageOrigin.CLI);
  }

  @Test
  void outputOfALocalCommandIsTheClisOwnMessage() {
    open();
    submitCommand("context", "");
    awaitEvent(RunCompleted.class);
    assertThat(origins()).containsOnly(MessageOrigin.CLI);
  }

  @Tag("exhaustive")
  @Test
  void compactionIsNoIncident() {
    open();
    submitQuery("scenario: nonce");
    awaitEvents(RunCompleted.class, 1);
    submitCommand("compact", "");
    awaitEvents(RunCompleted.class, 2);
    submitQuery("scenario: text");
    awaitEvents(RunCompleted.class, 3);
    assertThat(origins()).endsWith(MessageOrigin.MODEL);
  }

  @Tag("exhaustive")
  @Test
  void reminderOfTheSchemaIsTheClisOwnMessage() {
    open();
    var schema = new Json("{\"type\": \"object\", \"required\": [\"a\"]}");
    var overrides = new RunOverrides(null, null, null, null, null, null, null, null, schema, null);
    submitInput(
        new Input.Prompt(
            QueryId.next(),
            RunId.next(),
            QueryEvent.Cause.USER,
            """
            ```rehearsal
            - say: "I forget the tool."
            - calls:
                - tool: StructuredOutput
                  input: {a: 1}
            ```
            """,
            overrides));
    awaitEvent(RunCompleted.class);
    assertThat(origins()).containsSubsequence(MessageOrigin.MODEL, MessageOrigin.CLI);
  }
}
