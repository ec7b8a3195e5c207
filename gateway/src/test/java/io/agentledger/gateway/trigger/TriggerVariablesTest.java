package io.agentledger.gateway.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentledger.api.template.TemplateVariable;
import io.agentledger.api.template.VariableType;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A trigger gives its tasks the variables that they have and need. */
class TriggerVariablesTest {
  private static final TemplateVariable TEAM = variable("team", null, true);
  private static final TemplateVariable TONE = variable("tone", "calm", false);

  private static TemplateVariable variable(
      String name, @Nullable String defaultValue, boolean required) {
    return new TemplateVariable(
        name, null, defaultValue, required, "[a-z]+", VariableType.TEXT, List.of());
  }

  private static List<Violation> violations(
      Map<String, String> values, List<List<TemplateVariable>> tasks) {
    return catchThrowableOfType(
            InvalidRequestException.class, () -> TriggerVariables.check(values, tasks))
        .errors();
  }

  @Test
  void eachTaskGetsItsOwnVariables() {
    TriggerVariables.check(Map.of(), List.of(List.of(), List.of(TONE)));
    TriggerVariables.check(
        Map.of("team", "red", "tone", "loud"), List.of(List.of(TEAM), List.of(TONE)));
    assertThat(TriggerVariables.ofTask(List.of(TEAM), Map.of("team", "red", "tone", "loud")))
        .isEqualTo(Map.of("team", "red"));
  }

  @Test
  void variablesThatNoTaskHasAreRefused() {
    assertThat(violations(Map.of("team", "red", "color", "x"), List.of(List.of(TEAM, TONE))))
        .containsExactly(
            Violation.body(
                "/variables/color",
                "must be a variable of the task, or of a task of a command; they have team,"
                    + " tone"));
    assertThat(violations(Map.of("color", "x"), List.of(List.of())))
        .extracting(Violation::detail)
        .containsExactly(
            "must be a variable of the task, or of a task of a command; they have none");
  }

  @Test
  void missingAndInvalidValuesAreRefused() {
    assertThat(violations(Map.of(), List.of(List.of(TONE), List.of(TEAM))))
        .containsExactly(Violation.body("/variables/team", "is required"));
    assertThat(violations(Map.of("team", "R2"), List.of(List.of(TEAM))))
        .containsExactly(Violation.body("/variables/team", "must match [a-z]+"));
  }
}
