package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.LifecycleEvent.SessionRenamed;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.SideRequestEvent.ContextMeasured;
import io.agentledger.api.session.event.SideRequestEvent.FailureReason;
import io.agentledger.api.session.event.SideRequestEvent.RequestType;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.StableNames;
import io.agentledger.command.claude.run.ProcessSupervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Side requests to a process beside its conversation, with the real CLI. */
class SideRequestRunIT extends RunnerTestSupport {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String SAYS =
      """
      ```rehearsal
      - say: '%s'
      ```
      """;
  private static final String WAITS =
      """
      ```rehearsal
      - calls:
          - tool: Write
            input: {file_path: /home/agent/one.txt, content: "1"}
      - say: "Done."
      ```
      """;

  private SideRequestId submitSideRequest(RequestType requestType, String text) {
    var sideRequestId = SideRequestId.next();
    submitInput(new Input.SubmitSideRequest(sideRequestId, requestType, text));
    return sideRequestId;
  }

  private String answer(SideRequestId sideRequestId) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> events().stream().anyMatch(event -> isEnd(event, sideRequestId)));
    assertThat(events(SideRequestFailed.class)).isEmpty();
    return events(SideRequestAnswered.class).stream()
        .filter(answered -> answered.sideRequestId().equals(sideRequestId))
        .map(
            answered ->
                sealer.open(session, SideRequestAnswered.class, "answer", answered.answer()))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isEnd(Object event, SideRequestId sideRequestId) {
    return (event instanceof SideRequestAnswered answered
            && answered.sideRequestId().equals(sideRequestId))
        || (event instanceof SideRequestFailed failed
            && failed.sideRequestId().equals(sideRequestId));
  }

  private JsonNode capabilities() {
    var capabilitiesReported = events(CapabilitiesReported.class).getLast();
    return JSON.readTree(
        sealer.open(
            session,
            CapabilitiesReported.class,
            "capabilities",
            capabilitiesReported.capabilities()));
  }

  private List<String> names(String list, String field) {
    return capabilities().path(list).values().stream()
        .map(node -> node.path(field).asString())
        .toList();
  }

  private List<String> invocable() {
    return capabilities().path("commands").values().stream()
        .filter(command -> command.path("invocable").asBoolean())
        .map(command -> command.path("name").asString())
        .toList();
  }

  private List<String> commands() {
    return names("commands", "name");
  }

  @Test
  void sideQuestionIsAnsweredAndBilledButNotInTheConversation() {
    openShared();
    var run = submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    int output = events(MessageReceived.class).size();
    int turns = events(TurnFinished.class).size();
    assertThat(
            answer(submitSideRequest(RequestType.QUESTION, SAYS.formatted("It was a greeting."))))
        .isEqualTo("It was a greeting.");
    assertThat(events(MessageReceived.class)).hasSize(output);
    assertThat(events(TurnFinished.class)).hasSize(turns + 1);
    assertThat(events(TurnFinished.class).getLast().runId()).isEqualTo(run);
    submitQuery(SAYS.formatted("{{prompt}}"));
    awaitEvents(RunCompleted.class, 2);
    assertThat(events(RunStarted.class)).hasSize(2);
  }

  @Test
  void sideQuestionDuringARunIsAnsweredAndTheRunContinues() {
    openShared();
    submitQuery(WAITS);
    var request = awaitEvent(PermissionRequested.class);
    assertThat(answer(submitSideRequest(RequestType.QUESTION, SAYS.formatted("I wait for you."))))
        .isEqualTo("I wait for you.");
    assertThat(events(RunCompleted.class)).isEmpty();
    submitInput(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));
    assertThat(result(awaitEvent(RunCompleted.class))).contains("Done.");
  }

  @Test
  void sideRequestStartsAProcessIfNoneIsRunning() {
    open();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    pool.find(session).ifPresent(ProcessSupervisor::terminate);
    await().until(() -> pool.find(session).isEmpty());
    assertThat(answer(submitSideRequest(RequestType.QUESTION, SAYS.formatted("Still here."))))
        .isEqualTo("Still here.");
    assertThat(events(RunStarted.class)).hasSize(1);
    submitQuery("scenario: text");
    awaitEvents(RunCompleted.class, 2);
  }

  @Test
  void sessionWithoutAQueryRejectsSideQuestionsButListsCapabilities() {
    open();
    assertThatThrownBy(() -> submitSideRequest(RequestType.QUESTION, "What did I say?"))
        .hasMessageContaining("no conversation yet");
    answer(submitSideRequest(RequestType.CAPABILITIES, ""));
    assertThat(events(RunStarted.class)).isEmpty();
    assertThat(commands()).contains("compact", "init");
    assertThat(invocable()).contains("compact", "init").isSubsetOf(commands()).hasSizeLessThan(9);
    assertThat(capabilities().path("commands").values())
        .filteredOn(command -> !command.path("invocable").asBoolean())
        .isNotEmpty()
        .allSatisfy(
            command ->
                assertThat(command.path("reason").asString()).contains("that a client can invoke"));
    assertThat(names("agents", "name")).contains("general-purpose", "Explore");
    assertThat(names("models", "value")).contains("sonnet");
    assertThat(capabilities().path("output_styles").toString()).contains("Explanatory");
    assertThat(capabilities().path("output_style").asString()).isEqualTo("default");
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    assertThat(events(CapabilitiesReported.class)).as("nothing has changed").hasSize(1);
  }

  @Test
  void capabilitiesAddedWhileTheProcessRunsAreReported() throws IOException {
    open(RunOverrides.NONE, PREPARED, new SessionOrigin.Fresh());
    writeWorkspaceFile(".claude/skills/greet/SKILL.md", skill("greet"));
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    assertThat(commands()).contains("greet").doesNotContain("wave");
    assertThat(events())
        .extracting(event -> StableNames.of(event.getClass()))
        .containsSubsequence("RunStarted", "CapabilitiesReported", "RunInitialized");
    var skills = runDirectory.sessionPaths(session.value(), true).home().resolve(".claude/skills");
    Files.createDirectories(skills.resolve("wave"));
    Files.writeString(skills.resolve("wave/SKILL.md"), skill("wave"));
    awaitEvents(CapabilitiesReported.class, 2);
    assertThat(commands()).contains("greet", "wave");
    assertThat(invocable()).contains("greet").doesNotContain("wave");
  }

  @Test
  void sideRequestFailsIfNoProcessCanBeStarted() {
    open(
        RunOverrides.NONE,
        new AgentOverrides(
            null,
            null,
            null,
            new AgentSetup("Sarcastic", List.of(), List.of(), List.of(), Map.of(), Map.of())),
        new SessionOrigin.Fresh());
    submitSideRequest(RequestType.CAPABILITIES, "");
    var failed = awaitEvent(SideRequestFailed.class);
    assertThat(failed.failureReason()).isEqualTo(FailureReason.PROCESS);
    assertThat(
            sealer.open(session, SideRequestFailed.class, "failureDetail", failed.failureDetail()))
        .contains("output style Sarcastic");
  }

  private static String skill(String name) {
    return "---\nname: " + name + "\ndescription: greets people\n---\nSay hello.\n";
  }

  @Test
  void modelGeneratesATitle() {
    open();
    submitQuery(SAYS.formatted("{\"title\": \"Holiday in Rome\"}"));
    awaitEvent(RunCompleted.class);
    int turns = events(TurnFinished.class).size();
    assertThat(answer(submitSideRequest(RequestType.TITLE, ""))).isEqualTo("Holiday in Rome");
    var renamed = events(SessionRenamed.class).getLast();
    assertThat(sealer.open(session, SessionRenamed.class, "title", renamed.title()))
        .isEqualTo("Holiday in Rome");
    assertThat(events(TurnFinished.class)).hasSize(turns + 1);
  }

  @Test
  void titleIsGeneratedWithTheFirstPromptAndBilledToItsRun() {
    open();
    var run = RunId.next();
    var text = SAYS.formatted("{\"title\": \"Holiday in Rome\"}");
    var sideRequestId = SideRequestId.next();
    send(
        new SubmitInputs(
            session,
            List.of(
                new Input.Prompt(
                    QueryId.next(), run, QueryEvent.Cause.USER, text, RunOverrides.NONE),
                new Input.SubmitSideRequest(sideRequestId, RequestType.TITLE, "")),
            null));
    assertThat(answer(sideRequestId)).isEqualTo("Holiday in Rome");
    awaitEvent(RunCompleted.class);
    assertThat(events(TurnFinished.class))
        .hasSize(2)
        .extracting(TurnFinished::runId)
        .containsOnly(run);
    assertThat(events(CapabilitiesReported.class)).as("one process").hasSize(1);
  }

  @Test
  void contextUsageIsMeasured() {
    openShared();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    answer(submitSideRequest(RequestType.CONTEXT, ""));
    var measured = awaitEvent(ContextMeasured.class);
    assertThat(measured.tokens()).isPositive().isLessThan(measured.tokensMax());
    assertThat(measured.model()).startsWith("claude-");
    var breakdown =
        JSON.readTree(
            sealer.open(session, ContextMeasured.class, "breakdown", measured.breakdown()));
    assertThat(breakdown.path("categories").toString()).contains("System prompt", "Free space");
    assertThat(breakdown.has("message_breakdown")).isTrue();
  }

  @Test
  void unansweredSideRequestFailsWithAReason() {
    openShared();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    submitSideRequest(
        RequestType.QUESTION,
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "echo no", description: act}
        ```
        """);
    assertThat(awaitEvent(SideRequestFailed.class).failureReason()).isEqualTo(FailureReason.MODEL);
  }
}
