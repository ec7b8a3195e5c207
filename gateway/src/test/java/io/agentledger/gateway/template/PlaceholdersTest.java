package io.agentledger.gateway.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.template.VariableType;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {
  private static Placeholders.Value text(String text) {
    return new Placeholders.Value(text, VariableType.TEXT);
  }

  @Test
  void valuesAndLiteralBracesAreFilledInOnce() {
    assertThat(Placeholders.fill("${a} $${a} ${b}", Map.of("a", text("${b}$1"))))
        .isEqualTo("${b}$1 ${a} ${b}");
  }

  /** The whole text would not fit into the memory of the tests. */
  @Test
  void textIsNotBuiltBeyondItsLimit() {
    assertThatThrownBy(
            () -> Placeholders.fill("${a}".repeat(100_000), Map.of("a", text("€".repeat(10_000)))))
        .isInstanceOf(InvalidRequestException.class);
  }
}
