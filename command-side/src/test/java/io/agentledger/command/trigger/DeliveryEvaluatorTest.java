package io.agentledger.command.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerEvaluator.InvalidTriggerException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions that can never work are refused when they are saved. */
class DeliveryEvaluatorTest {
  private static final TenantId FIRST = new TenantId("tnt_2222222222");

  private final DeliveryEvaluator evaluator = new DeliveryEvaluator(() -> FIRST);

  private void check(String condition) {
    evaluator.check(
        new TriggerDefinition(
            null, condition, "@agent", List.of(), null, null, Map.of(), List.of(), null, null,
            null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "payload.title.matches('^[Bb]ug')",
        "payload.list.all(x, !x.matches('(a|b|c|d){0,200}A0') && !x.matches('(a|b){99}B'))",
        "payload.title.matches(payload.expression)",
        "payload.title.matches(event.title)",
        "event.title == '('"
      })
  void acceptsConditions(String condition) {
    assertThatCode(() -> check(condition)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      textBlock =
          """
          payload.title.matches('(')                           ; ( is invalid
          matches(payload.title, '[')                          ; [ is invalid
          true || event.title.matches('(?=a)')                 ; (?=a) is invalid
          payload.list.exists(x, x.a.b.matches('a**'))         ; a** is invalid
          payload.title.matches('((a{100}){100}){100}')        ; has a repetition above 1000
          payload.title.matches('(abcdefghij){200}')           ; has more than 1000 instructions
          """)
  void refusesInvalidExpressionsInMatches(String condition, String reason) {
    var refused = catchThrowableOfType(InvalidTriggerException.class, () -> check(condition));
    assertThat(refused.field()).isEqualTo("condition");
    assertThat(refused)
        .hasMessageStartingWith("must have regular expressions of RE2 in matches: ")
        .hasMessageContaining(reason);
  }

  @Test
  void onlyTriggersOfTheFirstTenantAreReachedByTheAddressOfAProvider() {
    assertThat(evaluator.canBeDefault(FIRST)).isTrue();
    assertThat(evaluator.canBeDefault(new TenantId("tnt_3333333333"))).isFalse();
  }
}
