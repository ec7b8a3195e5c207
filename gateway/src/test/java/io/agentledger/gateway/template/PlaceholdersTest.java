package io.agentledger.gateway.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {
  @Test
  void valuesAndLiteralBracesAreFilledInOnce() {
    assertThat(Placeholders.fill("${a} $${a} ${b}", Map.of("a", "${b}$1")))
        .isEqualTo("${b}$1 ${a} ${b}");
  }

  /** The whole text would not fit into the memory of the tests. */
  @Test
  void textIsNotBuiltBeyondItsLimit() {
    assertThatThrownBy(
            () -> Placeholders.fill("${a}".repeat(100_000), Map.of("a", "€".repeat(10_000))))
        .isInstanceOf(InvalidRequestException.class);
  }
}
