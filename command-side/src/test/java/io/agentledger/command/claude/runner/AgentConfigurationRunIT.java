package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.AgentSetup.PreviewFormat;
import io.agentledger.api.session.AgentSetup.SettingSource;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Configuration of an agent beside its tools, with the real CLI. */
class AgentConfigurationRunIT extends RunnerTestSupport {
  private static final RunOverrides BASH =
      new RunOverrides(null, null, List.of("Bash", "Agent", "Skill"), null, null, null);

  private void open(AgentSetup setup) {
    open(BASH, new AgentOverrides(null, null, null, setup), new SessionOrigin.Fresh());
  }

  private static AgentSetup setup(String style, List<String> skills, List<String> plugins) {
    return new AgentSetup(
        style, List.of(SettingSource.PROJECT), skills, plugins, Map.of(), Map.of());
  }

  @Test
  void workspaceCommandRunsWithTheSessionsVariables() throws IOException {
    open(
        new AgentSetup(
            "default",
            List.of(SettingSource.PROJECT),
            List.of(),
            List.of(),
            Map.of(),
            Map.of("GREETING", "hello")));
    writeWorkspaceFile(
        ".claude/commands/play.md",
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "echo $GREETING $ARGUMENTS > out.txt", description: greet}
        - say: "Done."
        ```
        """);
    submitCommand("play", "Ada");
    assertThat(result(awaitEvent(RunCompleted.class))).contains("Done.");
    assertThat(workspaceFile("out.txt")).isEqualTo("hello Ada\n");
  }

  private void callCritic(AgentSetup.Subagent critic) {
    openWithSubagents(Map.of("critic", critic));
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Agent
              input: {subagent_type: critic, description: look, prompt: "scenario: text"}
        - say: "It is good."
        ```
        """);
    awaitEvent(RunCompleted.class);
  }

  private void openWithSubagents(Map<String, AgentSetup.Subagent> subagents) {
    open(new AgentSetup("default", List.of(), List.of(), List.of(), subagents, Map.of()));
  }

  @Test
  void definedSubagentIsCalledAndHasItsOwnThread() {
    var critic =
        new AgentSetup.Subagent(
            "criticises",
            "You criticise.",
            List.of("Read"),
            List.of(),
            null,
            null,
            2,
            List.of(),
            false);
    callCritic(critic);
    var started = awaitEvent(SubagentStarted.class);
    assertThat(started.agent()).isEqualTo("critic");
    assertThat(events(RunInitialized.class).getFirst().agents()).contains("critic");
    assertThat(events(MessageReceived.class))
        .extracting(MessageReceived::threadId)
        .contains(started.threadId(), started.parentThreadId());
  }

  @Test
  void subagentInAFileOfTheWorkspaceIsCalledWithItsModel() throws IOException {
    open(setup("default", List.of(), List.of()));
    writeWorkspaceFile(
        ".claude/agents/scout.md",
        """
        ---
        name: scout
        description: looks around
        tools: Read
        model: haiku
        ---
        You are the scout of this workspace.
        """);
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Agent
              input:
                subagent_type: scout
                description: look
                prompt: |
                  ```rehearsal
                  - choose:
                      - if: {model: claude-haiku-4-5-20251001}
                        say: "The scout has looked."
                      - say: "Somebody else has."
                  ```
        - say: "Done."
        ```
        """);
    awaitEvent(RunCompleted.class);
    assertThat(events(RunInitialized.class).getFirst().agents()).contains("scout");
    assertThat(awaitEvent(SubagentStarted.class).agent()).isEqualTo("scout");
    assertThat(sealer.open(session, ToolReturned.class, "output", onlyReturned().output()))
        .contains("The scout has looked.");
  }

  @Test
  void modelOfASubagentsDefinitionIsRequested() {
    var critic =
        new AgentSetup.Subagent(
            "criticises", "You criticise.", null, List.of(), "haiku", null, null, List.of(), false);
    callCritic(critic);
    assertThat(awaitEvents(TurnFinished.class, 3))
        .extracting(TurnFinished::model)
        .filteredOn(model -> model.equals("claude-haiku-4-5-20251001"))
        .hasSize(1);
  }

  private ToolReturned onlyReturned() {
    assertThat(events(ToolReturned.class)).hasSize(1);
    return events(ToolReturned.class).getFirst();
  }

  private static AgentSetup.Subagent subagent(@Nullable List<String> tools) {
    return new AgentSetup.Subagent(
        "helps", "You help.", tools, List.of(), null, null, null, List.of(), false);
  }

  private static String callNested(String type) {
    return """
        ```rehearsal
        - calls:
            - tool: Agent
              input:
                subagent_type: %s
                description: outer
                prompt: |
                  ```rehearsal
                  - calls: [{tool: Agent, input: {subagent_type: general-purpose, description: inner, prompt: "scenario: text"}}]
                  - say: "Tried."
                  ```
        - say: "Done."
        ```
        """
        .formatted(type);
  }

  @Test
  void subagentStartsNoSubagentUnlessItsDefinitionNamesTheTool() {
    openWithSubagents(Map.of("lead", subagent(List.of("Agent", "Read")), "helper", subagent(null)));
    submitQuery(callNested("helper"));
    submitQuery(callNested("general-purpose"));
    submitQuery(callNested("lead"));
    awaitEvents(RunCompleted.class, 3);
    assertThat(events(ToolCalled.class))
        .extracting(ToolCalled::verdict)
        .containsExactly(
            Verdict.ALLOWED,
            Verdict.DENIED,
            Verdict.ALLOWED,
            Verdict.DENIED,
            Verdict.ALLOWED,
            Verdict.ALLOWED);
    assertThat(events(ToolCalled.class).get(1).rule()).startsWith("a subagent starts no subagents");
    assertThat(events(SubagentStarted.class))
        .extracting(SubagentStarted::agent)
        .containsExactly("helper", "general-purpose", "lead", "general-purpose");
  }

  @Test
  void workspaceSkillIsInvokedByItsName() throws IOException {
    open(setup("default", List.of("greet"), List.of()));
    writeWorkspaceFile(
        ".claude/skills/greet/SKILL.md",
        "---\nname: greet\ndescription: greets people\n---\nSay hello.\n");
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Skill
              input: {skill: greet}
        - say: "Hello."
        ```
        """);
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class)).extracting(ToolCalled::name).containsExactly("Skill");
    assertThat(events(RunInitialized.class).getFirst().skills()).contains("greet");
  }

  @Tag("exhaustive")
  @Test
  void skillOfAPluginIsListedWithThePluginsName() throws IOException {
    open(setup("default", List.of(), List.of("tools/plug")));
    writeWorkspaceFile("tools/plug/.claude-plugin/plugin.json", "{\"name\": \"plug\"}");
    writeWorkspaceFile(
        "tools/plug/skills/waving/SKILL.md", "---\nname: wave\ndescription: waves\n---\nWave.\n");
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    assertThat(events(RunInitialized.class).getFirst().skills()).contains("plug:waving");
    var reported = awaitEvent(CapabilitiesReported.class);
    var capabilities =
        sealer.open(session, CapabilitiesReported.class, "capabilities", reported.capabilities());
    assertThat(JsonMapper.shared().readTree(capabilities).path("commands").values())
        .filteredOn(command -> command.path("name").asString().contains("wav"))
        .singleElement()
        .satisfies(
            command -> {
              assertThat(command.path("name").asString()).isEqualTo("plug:waving");
              assertThat(command.path("invocable").asBoolean()).isTrue();
            });
  }

  @Tag("exhaustive")
  @Test
  void previewOfAQuestionsOptionIsShownToTheClient() {
    open(
        new AgentSetup(
            "default",
            List.of(),
            List.of(),
            List.of(),
            "",
            List.of(),
            "",
            false,
            PreviewFormat.HTML,
            Map.of(),
            Map.of()));
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: AskUserQuestion
              input:
                questions:
                  - question: "Which one?"
                    header: Layout
                    multiSelect: false
                    options:
                      - {label: Wide, description: one column, preview: "<p>wide</p>"}
                      - {label: Narrow, description: two columns, preview: "<p>narrow</p>"}
        - say: "Thanks."
        ```
        """);
    var request = awaitEvent(QuestionAsked.class);
    assertThat(sealer.open(session, QuestionAsked.class, "questions", request.questions()))
        .contains("<p>wide</p>", "<p>narrow</p>");
    submitInput(new Input.Answer(request.actionId(), new Json("{\"Which one?\": \"Wide\"}")));
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("Thanks.");
  }

  @Test
  void changedDefinitionsAreReadBeforeTheNextQuery() throws IOException {
    open(setup("default", List.of(), List.of()));
    writeWorkspaceFile(".claude/commands/say.md", SAYS.formatted("One."));
    submitCommand("say", "");
    assertThat(result(awaitEvents(RunCompleted.class, 1).getLast())).contains("One.");
    writeWorkspaceFile(".claude/commands/say.md", SAYS.formatted("Two."));
    submitCommand("say", "");
    assertThat(result(awaitEvents(RunCompleted.class, 2).getLast())).contains("Two.");
  }

  private static final String SAYS =
      """
      ```rehearsal
      - say: "%s"
      ```
      """;

  @Test
  void missingDefinitionsFailTheRunAndAreNamed() {
    open(setup("Sarcastic", List.of(), List.of()));
    assertThat(failure()).contains("output style Sarcastic");
    open(setup("default", List.of("juggling"), List.of()));
    assertThat(failure()).contains("skill juggling");
    open(setup("default", List.of(), List.of("tools/none")));
    assertThat(failure()).contains("not found: tools/none").doesNotContain("given-plugins");
  }

  private String failure() {
    submitQuery("scenario: text");
    var failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.SETUP);
    assertThat(failed.retrying()).isFalse();
    return sealer.open(session, RunFailed.class, "error", failed.error());
  }
}
