package io.agentledger.command.claude.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandNamesTest {
  private static final CommandNames NAMES =
      new CommandNames(name -> Optional.empty(), Map.of("plug:wave", "plug:waving"));

  @ParameterizedTest
  @CsvSource({
    "wave, (plug) waves hands, plug:waving",
    "wave, (other) waves hands, wave",
    "wave, (plug) waves hands (user), wave",
    "wave, waves hands, wave",
    "plug:go, (plug) goes, plug:go",
    "wave, (, wave"
  })
  void skillOfAPluginHasThePluginsName(String listed, String description, String expected) {
    assertThat(NAMES.fullName(listed, description)).isEqualTo(expected);
  }
}
