package io.agentledger.command.model.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioRegistryTest {
  @TempDir Path own;

  @Test
  void allShippedScenariosAreValidAndDescribed() throws IOException {
    ScenarioRegistry scenarios = ScenarioRegistry.load(null);

    assertThat(scenarios.names())
        .contains(
            "default",
            "look-around",
            "text",
            "thinking",
            "parallel-tools",
            "ask-bash",
            "ask-write",
            "question",
            "slow-text",
            "slow-tool",
            "error-429",
            "broken-stream",
            "error-event",
            "long-output",
            "subagent",
            "title",
            "todo",
            "background-bash",
            "nonce");
    assertThat(scenarios.names())
        .allSatisfy(
            name ->
                assertThat(scenarios.choose("scenario: " + name).scenario().about()).isNotBlank());
  }

  @ParameterizedTest
  @CsvSource({
    "What is in this folder? Then write NOTES.md about it., look-around",
    "what is in this directory, look-around",
    "Hello, default",
    "'please\nscenario: nonce\nthank you', nonce",
    "'I told you the scenario: nonce is fine', default",
    "<task-notification>done</task-notification>, notification",
    "'<session>\nPlan a party\n</session>\n\nWrite the title in English.', title"
  })
  void promptSelectsTheScenario(String prompt, String name) {
    assertThat(ScenarioRegistry.load(null).choose(prompt).name()).isEqualTo(name);
  }

  @Test
  void userScenarioPrecedesAndMayReplaceAShippedOne() throws IOException {
    write("mine.yaml", "when: folder\norder: 900\nsteps: [{say: mine}]");
    write("nonce.yaml", "steps: [{say: replaced}]");
    ScenarioRegistry scenarios = ScenarioRegistry.load(own);

    assertThat(scenarios.choose("What is in this folder?").name()).isEqualTo("mine");
    assertThat(scenarios.choose("scenario: nonce").scenario().steps().getFirst().say())
        .isEqualTo("replaced");
  }

  @Test
  void promptMayContainAScenarioInAFencedBlock() {
    String prompt =
        "Please:\n```rehearsal\n- say: one\n- say: two\n  pace: {first: 2s}\n```\nThanks.";

    Scenario scenario = ScenarioRegistry.load(null).choose(prompt).scenario();

    assertThat(scenario.steps()).hasSize(2);
    assertThat(scenario.steps().getLast().pace().first()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void unknownNameIsAnsweredWithTheKnownNames() {
    assertThatThrownBy(() -> ScenarioRegistry.load(null).choose("scenario: nowhere"))
        .isInstanceOf(InvalidScenarioException.class)
        .hasMessageContaining("'nowhere'")
        .hasMessageContaining("parallel-tools");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "steps: []§bad.yaml:1: /steps: must have at least one step",
        "steps:\\n  - sai: x§bad.yaml:2: /steps/0/sai: is not a field; the fields are: break, calls, choose",
        "steps:\\n  - say: x\\n  - {}§bad.yaml:3: /steps/1: must say, think, call, fail, refuse or choose",
        "when: '('\\nsteps: [{say: x}]§bad.yaml:1: /when: is not a valid pattern",
        "steps:\\n  - say: '{{lost}}'§bad.yaml:2: /steps/0/say: {{lost}} is not a source",
        "steps:\\n  - say: '{{last | shout}}'§bad.yaml:2: /steps/0/say: 'shout' is not a filter",
        "steps:\\n  - say: '{{last | first (}}'§bad.yaml:2: /steps/0/say: 'first (' has an invalid pattern",
        "steps:\\n  - say: '{{last | lines x}}'§bad.yaml:2: /steps/0/say: 'lines x' needs a number",
        "steps:\\n  - say: x\\n    pace: {pause: soon}§bad.yaml:3: /steps/0/pace/pause: 'soon' is not allowed here",
        "steps:\\n  - say: x\\n    pace: {pause: 11m}§bad.yaml:3: /steps/0/pace/pause: must be in [0s..10m]",
        "steps:\\n  - fail: {status: 200}§bad.yaml:2: /steps/0/fail/status: must be in [400..599]",
        "steps:\\n  - say: x\\n    if: {error: true}§bad.yaml:3: /steps/0/if: is only allowed in a choice",
        "steps:\\n  - calls: [{input: {a: b}}]§bad.yaml:2: /steps/0/calls/0/tool: must name a tool",
        "steps:\\n  - calls: hello§bad.yaml:2: /steps/0/calls",
        "steps:\\n  - say: x\\n    choose: [{say: y}]§bad.yaml:2: /steps/0: must have no other fields if it has choose",
        "steps:\\n  - say: x\\n    repeat: 10001§bad.yaml:3: /steps/0/repeat: must be in [0..10000]",
        "steps: [§bad.yaml:1: is not valid YAML"
      })
  void errorNamesFileLineFieldAndRule(String text, String fault) throws IOException {
    write("bad.yaml", text.replace("\\n", "\n"));

    assertThatThrownBy(() -> ScenarioRegistry.load(own))
        .isInstanceOf(InvalidScenarioException.class)
        .message()
        .contains(fault);
  }

  @Test
  void allErrorsAreReportedAtOnce() throws IOException {
    write("a.yaml", "steps: []");
    write("b.yaml", "steps: [{say: '{{x}}'}]");

    assertThatThrownBy(() -> ScenarioRegistry.load(own))
        .hasMessageContaining("a.yaml")
        .hasMessageContaining("b.yaml");
  }

  @Test
  @Timeout(120)
  void catastrophicPatternDoesNotMatch() throws IOException {
    write("evil.yaml", "when: ^(a+)+$\nsteps: [{say: x}]");

    assertThat(ScenarioRegistry.load(own).choose("a".repeat(5000) + "!").name())
        .isEqualTo("default");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(own.resolve(name), text);
  }
}
