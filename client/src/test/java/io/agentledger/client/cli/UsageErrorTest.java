package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.client.FakeService;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Wrong values of arguments: the exit code of a wrong command line, and the name that was typed.
 */
class UsageErrorTest extends CliFixture {
  @ParameterizedTest
  @CsvSource({
    "replay SESSION --speed 0, --speed must be",
    "replay SESSION --speed NaN, --speed must be",
    "replay SESSION --max-pause -1, --max-pause must be",
    "replay SESSION --after 5 --until 3, --until must be",
    "compare SESSION 9 3, TO must not be less than FROM",
    "compare SESSION 0, FROM must be at least 1",
    "report SESSION -o x.csv, --output: csv is for",
    "report SESSION --format csv, --format: csv is for"
  })
  void valuesOutsideOfTheirRangeAreUsageErrors(String command, String message) {
    var arguments = command.replace("SESSION", FakeService.SESSION).split(" ");
    assertThat(runCli("", arguments)).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains(message);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void emptyWordsAreAUsageError() {
    assertThat(runCli("", "search", "")).isEqualTo(ExitCode.USAGE);
    assertThat(errors()).contains("WORDS must not be empty");
  }
}
