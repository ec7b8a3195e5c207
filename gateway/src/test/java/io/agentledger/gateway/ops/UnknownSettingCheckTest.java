package io.agentledger.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.ProductClasses;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationProperties;

class UnknownSettingCheckTest {
  private static final List<Class<?>> SETTINGS =
      ProductClasses.inPackage("io.agentledger").stream()
          .filter(type -> type.isAnnotatedWith(ConfigurationProperties.class))
          .<Class<?>>map(JavaClass::reflect)
          .toList();

  private static List<String> findUnknown(String... variables) {
    return UnknownSettingCheck.findUnknown(List.of(variables), SETTINGS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AGENTLEDGER_HOME",
        "AGENTLEDGER_PORT",
        "agentledger_run_maxconcurrent",
        "AGENTLEDGER_RUN_MAXCONCURRENT",
        "AGENTLEDGER_RUN_MAX_CONCURRENT",
        "AGENTLEDGER_EDGE_ALLOWEDORIGINS_0",
        "AGENTLEDGER_MCP_VARIABLES_TOKEN",
        "PATH"
      })
  void settingsAndOtherVariablesAreKnown(String variable) {
    assertThat(findUnknown(variable)).isEmpty();
  }

  @Test
  void misspelledSettingsAreFound() {
    assertThat(
            findUnknown(
                "AGENTLEDGER_EDGE_ALLOWEDORIGINSX",
                "AGENTLEDGER_PORTS",
                "AGENTLEDGER_RUNMAXCONCURRENT",
                "AGENTLEDGER_RUN_MAXCONCURENT",
                "AGENTLEDGER_RUN_MAXTURNS",
                "agentledger_run_maxturns"))
        .containsExactly(
            "AGENTLEDGER_EDGE_ALLOWEDORIGINSX",
            "AGENTLEDGER_PORTS",
            "AGENTLEDGER_RUNMAXCONCURRENT",
            "AGENTLEDGER_RUN_MAXCONCURENT",
            "AGENTLEDGER_RUN_MAXTURNS",
            "agentledger_run_maxturns");
  }

  @Test
  void documentedSettingsAreKnown() throws IOException {
    var page = Files.readString(ApiTestServer.root().resolve("docs/operations.md"));
    var documented =
        Pattern.compile("AGENTLEDGER_[A-Z_]+|agentledger(\\.[a-z-]++){2,}+(?![.*])")
            .matcher(page)
            .results()
            .map(MatchResult::group)
            .map(name -> name.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT))
            .distinct()
            .toList();
    assertThat(documented).hasSizeGreaterThan(50);
    assertThat(UnknownSettingCheck.findUnknown(documented, SETTINGS)).isEmpty();
  }
}
