package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Compares the usage of the launcher script with the commands of the terminal program. */
class LauncherUsageTest extends CliFixture {
  private static final Path SCRIPT = Path.of("..", "agentledger");

  /** A line about commands: two spaces, the commands in 25 columns, the description. */
  private static final Pattern LINE = Pattern.compile("(?m)^ {2}(\\S.{24})\\S.*$");

  private static final Pattern NAME = Pattern.compile("\\b[a-z][a-z-]*\\b");

  @Test
  void usageListsEveryCommand() throws IOException {
    assertThat(listedCommands())
        .containsExactlyInAnyOrderElementsOf(
            AgentledgerCli.create(cliEnvironment("")).getSubcommands().keySet());
  }

  private static List<String> listedCommands() throws IOException {
    return LINE.matcher(usage())
        .results()
        .map(line -> line.group(1).replaceAll("\\[[^]]*]", ""))
        .flatMap(commands -> NAME.matcher(commands).results().map(MatchResult::group))
        .toList();
  }

  private static String usage() throws IOException {
    var process = new ProcessBuilder(SCRIPT.toString(), "help").start();
    try (var out = process.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
