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
import io.agentledger.api.session.event.SideRequestEvent.Kind;
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

/** What is asked of a process beside its conversation, through the real CLI. */
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

  private SideRequestId askAside(Kind kind, String text) {
    var sideRequestId = SideRequestId.next();
    say(new Input.SubmitSideRequest(sideRequestId, kind, text));
    return sideRequestId;
  }

  private String answer(SideRequestId sideRequestId) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> facts().stream().anyMatch(event -> isEnd(event, sideRequestId)));
    assertThat(facts(SideRequestFailed.class)).isEmpty();
    return facts(SideRequestAnswered.class).stream()
        .filter(answered -> answered.asideId().equals(sideRequestId))
        .map(
            answered ->
                sealer.open(session, SideRequestAnswered.class, "answer", answered.answer()))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isEnd(Object fact, SideRequestId sideRequestId) {
    return (fact instanceof SideRequestAnswered answered
            && answered.asideId().equals(sideRequestId))
        || (fact instanceof SideRequestFailed failed && failed.asideId().equals(sideRequestId));
  }

  private JsonNode capabilities() {
    var capabilitiesReported = facts(CapabilitiesReported.class).getLast();
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

  private List<String> commands() {
    return names("commands", "name");
  }

  @Test
  void aQuestionAsideIsAnsweredAndItsCostCountedAndTheConversationDoesNotKnow() {
    open();
    var run = ask("scenario: text");
    awaitFact(RunCompleted.class);
    int said = facts(MessageReceived.class).size();
    int turns = facts(TurnFinished.class).size();
    assertThat(answer(askAside(Kind.QUESTION, SAYS.formatted("It was a greeting."))))
        .isEqualTo("It was a greeting.");
    assertThat(facts(MessageReceived.class)).hasSize(said);
    assertThat(facts(TurnFinished.class)).hasSize(turns + 1);
    assertThat(facts(TurnFinished.class).getLast().runId()).isEqualTo(run);
    ask(SAYS.formatted("{{prompt}}"));
    awaitFacts(RunCompleted.class, 2);
    assertThat(facts(RunStarted.class)).hasSize(2);
  }

  @Test
  void aQuestionAsideIsAnsweredInMidRunAndTheRunGoesOn() {
    open();
    ask(WAITS);
    var request = awaitFact(PermissionRequested.class);
    assertThat(answer(askAside(Kind.QUESTION, SAYS.formatted("I wait for you."))))
        .isEqualTo("I wait for you.");
    assertThat(facts(RunCompleted.class)).isEmpty();
    say(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));
    assertThat(result(awaitFact(RunCompleted.class))).contains("Done.");
  }

  @Test
  void aSessionWhoseProcessIsGoneGetsAnotherOneForWhatIsAskedAside() {
    open();
    ask("scenario: text");
    awaitFact(RunCompleted.class);
    pool.find(session).ifPresent(ProcessSupervisor::terminate);
    await().until(() -> pool.find(session).isEmpty());
    assertThat(answer(askAside(Kind.QUESTION, SAYS.formatted("Still here."))))
        .isEqualTo("Still here.");
    assertThat(facts(RunStarted.class)).hasSize(1);
    ask("scenario: text");
    awaitFacts(RunCompleted.class, 2);
  }

  @Test
  void beforeAnythingWasAskedThereIsNothingToSpeakAboutButMuchToBeHad() {
    open();
    assertThatThrownBy(() -> askAside(Kind.QUESTION, "What did I say?"))
        .hasMessageContaining("Nothing has been asked");
    answer(askAside(Kind.CAPABILITIES, ""));
    assertThat(facts(RunStarted.class)).isEmpty();
    assertThat(commands()).contains("compact", "init");
    assertThat(names("agents", "name")).contains("general-purpose", "Explore");
    assertThat(names("models", "value")).contains("sonnet");
    assertThat(capabilities().path("output_styles").toString()).contains("Explanatory");
    assertThat(capabilities().path("output_style").asString()).isEqualTo("default");
    ask("scenario: text");
    awaitFact(RunCompleted.class);
    assertThat(facts(CapabilitiesReported.class)).as("nothing has changed").hasSize(1);
  }

  @Test
  void whatIsAddedWhileTheProcessLivesIsKnownAtOnce() throws IOException {
    open(RunOverrides.NONE, PREPARED, new SessionOrigin.Fresh());
    putIntoWorkspace(".claude/skills/greet/SKILL.md", skill("greet"));
    ask("scenario: text");
    awaitFact(RunCompleted.class);
    assertThat(commands()).contains("greet").doesNotContain("wave");
    assertThat(facts())
        .extracting(event -> StableNames.of(event.getClass()))
        .containsSubsequence("RunStarted", "CapabilitiesReported", "RunInitialized");
    var skills = runDirectory.session(session.value(), true).home().resolve(".claude/skills");
    Files.createDirectories(skills.resolve("wave"));
    Files.writeString(skills.resolve("wave/SKILL.md"), skill("wave"));
    awaitFacts(CapabilitiesReported.class, 2);
    assertThat(commands()).contains("greet", "wave");
  }

  @Test
  void aProcessThatCannotBeHadIsSaidToBeNone() {
    open(
        RunOverrides.NONE,
        new AgentOverrides(
            null,
            null,
            null,
            new AgentSetup("Sarcastic", List.of(), List.of(), List.of(), Map.of(), Map.of())),
        new SessionOrigin.Fresh());
    askAside(Kind.CAPABILITIES, "");
    var failed = awaitFact(SideRequestFailed.class);
    assertThat(failed.silence()).isEqualTo(FailureReason.PROCESS);
    assertThat(sealer.open(session, SideRequestFailed.class, "reason", failed.reason()))
        .contains("output style Sarcastic");
  }

  private static String skill(String name) {
    return "---\nname: " + name + "\ndescription: greets people\n---\nSay hello.\n";
  }

  @Test
  void theModelMakesUpATitle() {
    open();
    ask(SAYS.formatted("{\"title\": \"Holiday in Rome\"}"));
    awaitFact(RunCompleted.class);
    int turns = facts(TurnFinished.class).size();
    assertThat(answer(askAside(Kind.TITLE, ""))).isEqualTo("Holiday in Rome");
    var renamed = facts(SessionRenamed.class).getLast();
    assertThat(sealer.open(session, SessionRenamed.class, "title", renamed.title()))
        .isEqualTo("Holiday in Rome");
    assertThat(facts(TurnFinished.class)).hasSize(turns + 1);
  }

  @Test
  void aTitleComesWithTheFirstPromptAndIsPaidByItsRun() {
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
                new Input.SubmitSideRequest(sideRequestId, Kind.TITLE, "")),
            null));
    assertThat(answer(sideRequestId)).isEqualTo("Holiday in Rome");
    awaitFact(RunCompleted.class);
    assertThat(facts(TurnFinished.class))
        .hasSize(2)
        .extracting(TurnFinished::runId)
        .containsOnly(run);
    assertThat(facts(CapabilitiesReported.class)).as("one process").hasSize(1);
  }

  @Test
  void whatFillsTheContextIsMeasured() {
    open();
    ask("scenario: text");
    awaitFact(RunCompleted.class);
    answer(askAside(Kind.CONTEXT, ""));
    var measured = awaitFact(ContextMeasured.class);
    assertThat(measured.tokens()).isPositive().isLessThan(measured.tokensMax());
    assertThat(measured.model()).startsWith("claude-");
    var breakdown =
        JSON.readTree(
            sealer.open(session, ContextMeasured.class, "breakdown", measured.breakdown()));
    assertThat(breakdown.path("categories").toString()).contains("System prompt", "Free space");
    assertThat(breakdown.has("message_breakdown")).isTrue();
  }

  @Test
  void whatTheModelDoesNotAnswerHasNoAnswerAndSaysSo() {
    open();
    ask("scenario: text");
    awaitFact(RunCompleted.class);
    askAside(
        Kind.QUESTION,
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "echo no", description: act}
        ```
        """);
    assertThat(awaitFact(SideRequestFailed.class).silence()).isEqualTo(FailureReason.MODEL);
  }
}
