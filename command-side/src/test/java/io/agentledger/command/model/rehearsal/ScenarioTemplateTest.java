package io.agentledger.command.model.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class ScenarioTemplateTest {
  private static final ConversationView CONVERSATION =
      conversation(
          """
          {"system":[{"type":"text","text":"# Environment\\n - Primary working directory: /workspace\\n"}],
           "messages":[
            {"role":"user","content":"an older prompt"},
            {"role":"assistant","content":[{"type":"tool_use","id":"t0","name":"Read","input":{}}]},
            {"role":"user","content":[
              {"type":"tool_result","tool_use_id":"t0","content":"old"},
              {"type":"text","text":"[Request interrupted by user for tool use]"},
              {"type":"text","text":"<system-reminder>today</system-reminder>list it"}]},
            {"role":"system","content":"skills"},
            {"role":"assistant","content":[{"type":"text","text":"ok"},
              {"type":"tool_use","id":"t1","name":"Bash","input":{}},{"type":"tool_use","id":"t2","name":"Glob","input":{}}]},
            {"role":"user","content":[
              {"type":"tool_result","tool_use_id":"t1","content":"/workspace\\na.txt\\nb.md\\n<system-reminder>x</system-reminder>"},
              {"type":"tool_result","tool_use_id":"t2","is_error":true,"content":[{"type":"text","text":"denied"}]}]}]}""");

  @Test
  void promptIsTheUsersLatestText() {
    assertThat(CONVERSATION.prompt()).isEqualTo("list it");
    assertThat(CONVERSATION.answerCount()).isEqualTo(1);
    assertThat(CONVERSATION.latestResult("Read")).isEmpty();
    assertThat(CONVERSATION.latestResult("Glob"))
        .hasValueSatisfying(glob -> assertThat(glob.error()).isTrue());
  }

  @Test
  void runWhoseToolCallWasCutOffContinuesItsScenario() {
    ConversationView continued =
        conversation(
            """
            {"messages":[{"role":"user","content":"scenario: nonce"},
             {"role":"assistant","content":[{"type":"text","text":"Step one."}]},
             {"role":"user","content":[{"type":"text","text":"Continue from where you left off."}]},
             {"role":"assistant","content":[{"type":"text","text":"No response requested."}]},
             {"role":"user","content":"You were interrupted by a failure of the machine and continue now. Look."}]}""");

    assertThat(continued.prompt()).isEqualTo("scenario: nonce");
    assertThat(continued.answerCount()).isEqualTo(1);
  }

  @Test
  void retriedRunContinuesItsScenario() {
    String again =
        "You were interrupted by a failure of the machine and continue now. All tool calls so far have come back.";
    ConversationView continued =
        conversation(
            """
            {"messages":[{"role":"user","content":"scenario: nonce"},{"role":"assistant","content":"Step one."},
             {"role":"user","content":"%s"}]}"""
                .formatted(again));

    assertThat(continued.prompt()).isEqualTo("scenario: nonce");
    assertThat(continued.answerCount()).isEqualTo(1);
    assertThat(
            conversation(
                    "{\"messages\":[{\"role\":\"user\",\"content\":\"scenario: nonce\\n\\n"
                        + again
                        + "\"}]}")
                .prompt())
        .isEqualTo("scenario: nonce");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{prompt}}!§list it!",
        "{{cwd}}§/workspace",
        "{{n}}§3",
        "{{tool Bash | lines 1}}§/workspace",
        "{{tool Bash | skip 1 | prefix - }}§'- a.txt\n- b.md'",
        "{{tool Bash | skip 1 | count (?m)^.+$}}§2",
        "{{tool Bash | first (\\w+)\\.md}}§b",
        "{{tool Bash | first x.z | or nothing}}§nothing",
        "{{tool Bash | drop (?s)\\n.*}}§/workspace",
        "{{prompt | cut 4}}§list…",
        "{{last | skip 3}}§denied",
        "{{tool Nothing}}.§.",
        "costs $1 and \\d {{n}}§costs $1 and \\d 3"
      })
  void placeholdersAreFilled(String template, String filled) {
    assertThat(new ScenarioTemplate(CONVERSATION).fill(template, 3)).isEqualTo(filled);
  }

  @Test
  void catastrophicPatternTimesOut() {
    ConversationView long_ =
        conversation(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"" + "a".repeat(3000) + "!\"}]}");

    assertThatThrownBy(() -> new ScenarioTemplate(long_).fill("{{prompt | count ^(a|a)+$}}", 1))
        .isInstanceOfAny(RegexGuardedText.RegexTimeoutException.class, StackOverflowError.class);
  }

  @Test
  void requestWithoutTextHasAnEmptyPrompt() {
    ConversationView empty =
        conversation(
            "{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"},{\"role\":\"user\",\"content\":[{\"type\":\"image\"}]}]}");

    assertThat(empty.prompt()).isEmpty();
  }

  @Test
  void exampleMatchesItsSchema() {
    assertThat(
            SchemaExample.generate(
                    new JsonMapper()
                        .readTree(
                            """
                            {"type":"object","required":["a","b","c","d","e","f"],
                             "$defs":{"point":{"type":"object","properties":{"x":{"type":"integer","minimum":3}},"required":["x"]}},
                             "properties":{"a":{"type":"string","minLength":12},"b":{"enum":["one","two"]},
                             "c":{"type":"array","items":{"$ref":"#/$defs/point"},"minItems":2},"d":{"type":["boolean","null"]},
                             "e":{"anyOf":[{"type":"null"},{"type":"string"}]},"f":{"const":7},"g":{"type":"string"}}}"""))
                .toString())
        .isEqualTo(
            "{\"a\":\"rehearsal rehearsal\",\"b\":\"one\",\"c\":[{\"x\":3},{\"x\":3}],\"d\":true,\"e\":null,\"f\":7}");
  }

  private static ConversationView conversation(String json) {
    return new ConversationView(new JsonMapper().readTree(json));
  }
}
