package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariablePassthroughTest {
  private final VariablePassthrough passing =
      new VariablePassthrough(Set.of("TZ", "UNSET"), Map.of("TZ", "UTC", "SECRET", "x")::get);

  @Test
  void onlyPermittedAndSetVariablesPass() {
    assertThat(passing.readValues(List.of("TZ", "UNSET", "SECRET")))
        .containsExactly(Map.entry("TZ", "UTC"));
    assertThat(passing.readValues(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ANTHROPIC_API_KEY",
        "AGENTLEDGER_HOME",
        "SPRING_DATASOURCE_PASSWORD",
        "LD_PRELOAD",
        "Path",
        "https_proxy",
        "A B",
        "1A",
        ""
      })
  void rejectsReservedVariables(String name) {
    assertThatThrownBy(() -> VariablePassthrough.requireValidName(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("agentledger.claude.variables");
  }

  @Test
  void acceptsAnyOtherVariable() {
    assertThatCode(() -> VariablePassthrough.requireValidName("TZ")).doesNotThrowAnyException();
  }
}
