package io.agentledger.api.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentVariableNamesTest {
  @Test
  void refusalSaysWhyAndWhatToDoInstead() {
    assertThat(EnvironmentVariableNames.findViolation("path").orElseThrow())
        .contains("PATH", "sets it for the sandbox", "MY_PATH");
    assertThat(EnvironmentVariableNames.findViolation("LD_PRELOAD").orElseThrow())
        .contains("must not begin with LD_", "how programs start", "MY_LD_PRELOAD", "TZ");
    assertThat(EnvironmentVariableNames.findViolation("A-B").orElseThrow()).contains("letters");
  }

  @Test
  void variablesThatMakeLibrariesLoadCodeAreReserved() {
    assertThat(List.of("GCONV_PATH", "GLIBC_TUNABLES", "LOCPATH", "NLSPATH"))
        .allMatch(name -> EnvironmentVariableNames.findViolation(name).isPresent());
  }

  @Test
  void otherNamesAndSettingsOfTheCliAreAllowed() {
    assertThat(EnvironmentVariableNames.findViolation("DATABASE_URL")).isEmpty();
    assertThat(EnvironmentVariableNames.findViolation("MAX_THINKING_TOKENS")).isEmpty();
  }
}
