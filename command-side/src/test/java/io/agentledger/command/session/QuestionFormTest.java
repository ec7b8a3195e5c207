package io.agentledger.command.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.support.ElicitationForm.Fault;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Validation of answers against questions of the agent. */
class QuestionFormTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final QuestionForm FORM =
      QuestionForm.parse(
          JSON.readTree(
              """
              [{"question": "Which?", "header": "A", "multiSelect": false,
                "options": [{"label": "This"}, {"label": "That"}]},
               {"question": "With tea/coffee?", "multiSelect": true, "options": []}]
              """));

  private static Optional<Fault> violation(String answers) {
    return FORM.violation(JSON.readTree(answers));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Which?\": \"This\", \"With tea/coffee?\": \"Tea, Coffee\"}",
        "{\"Which?\": \"none of them\", \"With tea/coffee?\": [\"Tea\", \"Coffee\"]}",
      })
  void labelsAndFreeTextsAreAnswers(String answers) {
    assertThat(violation(answers)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\"This\"; ''; must be an object",
        "[]; ''; must be an object",
        "null; ''; must be an object",
        "{}; /Which?; is required",
        "{\"nonsense\": \"x\"}; /nonsense; is not a question",
        "{\"Which?\": \"This\"}; /With tea~1coffee?; is required",
        "{\"Which?\": \" \", \"With tea/coffee?\": \"Tea\"}; /Which?; not blank",
        "{\"Which?\": 1, \"With tea/coffee?\": \"Tea\"}; /Which?; must be a text",
        "{\"Which?\": null, \"With tea/coffee?\": \"Tea\"}; /Which?; must be a text",
        "{\"Which?\": [\"This\"], \"With tea/coffee?\": \"Tea\"}; /Which?; must be a text",
        "{\"Which?\": \"This\", \"With tea/coffee?\": []}; /With tea~1coffee?; must be a text",
        "{\"Which?\": \"This\", \"With tea/coffee?\": [\"\"]}; /With tea~1coffee?; must be a text",
      })
  void otherAnswersNameTheirPlaceAndTheRule(String answers, String field, String rule) {
    assertThat(violation(answers))
        .hasValueSatisfying(
            fault -> {
              assertThat(fault.field()).isEqualTo(field);
              assertThat(fault.rule()).contains(rule);
            });
  }

  @Test
  void unknownAndMissingAnswersNameTheQuestions() {
    for (var answers : new String[] {"{}", "{\"nonsense\": \"x\"}", "[]"})
      assertThat(violation(answers).orElseThrow().rule())
          .endsWith("\"Which?\", \"With tea/coffee?\"");
  }

  @Test
  void lengthOfAnAnswerIsLimited() {
    var longest = "x".repeat(QuestionForm.ANSWER_LENGTH_MAX);
    var answers = "{\"Which?\": \"%s\", \"With tea/coffee?\": [\"a\", \"%s\"]}";
    assertThat(violation(answers.formatted(longest, "b"))).isEmpty();
    assertThat(violation(answers.formatted(longest + "x", "b")).orElseThrow().field())
        .isEqualTo("/Which?");
    assertThat(violation(answers.formatted("a", longest)).orElseThrow().rule())
        .isEqualTo("must be at most 65536 characters");
  }
}
