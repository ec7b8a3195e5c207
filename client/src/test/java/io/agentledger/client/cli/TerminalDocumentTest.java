package io.agentledger.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the command lines of the document about the terminal. */
class TerminalDocumentTest extends CliFixture {
  private static final Path DOCUMENT = Path.of("..", "docs", "terminal.md");
  private static final Pattern COMMAND = Pattern.compile("(?m)\\./agentledger ([^|)\n]+)\\)?$");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  static Stream<String> commandLines() throws IOException {
    return COMMAND.matcher(Files.readString(DOCUMENT)).results().map(match -> match.group(1));
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void commandLineIsAccepted(String commandLine) {
    var words =
        WORD.matcher(commandLine)
            .results()
            .map(
                word ->
                    Stream.of(1, 2, 3).map(word::group).filter(text -> text != null).findFirst())
            .map(Optional::orElseThrow)
            .toArray(String[]::new);
    assertThatCode(() -> AgentledgerCli.create(cliEnvironment("")).parseArgs(words))
        .doesNotThrowAnyException();
  }

  @Test
  void everyCommandIsDescribed() throws IOException {
    var described = commandLines().map(line -> line.split(" ")[0]).collect(Collectors.toSet());
    var commands = AgentledgerCli.create(cliEnvironment("")).getSubcommands().keySet();
    assertThat(described)
        .containsAll(
            commands.stream()
                .filter(name -> !List.of("help", "version", "start", "serve").contains(name))
                .toList());
  }
}
