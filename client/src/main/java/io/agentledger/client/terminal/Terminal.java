package io.agentledger.client.terminal;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionId;
import io.agentledger.client.support.ApiProblem;
import io.agentledger.client.support.NoService;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.TypeConversionException;

/** The program {@code agentledger}. */
@Command(
    name = "agentledger",
    description = "Runs Claude Code agents and keeps every step on the record.",
    subcommands = {
      ServiceCommand.Serve.class,
      ServiceCommand.Start.class,
      ServiceCommand.Stop.class,
      HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "The service runs from AGENTLEDGER_HOME (default: data beside this program); another one is",
      "reached with AGENTLEDGER_URL and AGENTLEDGER_KEY. NO_COLOR is honoured."
    })
public final class Terminal {
  private Terminal() {}

  public static void main(String[] arguments) {
    System.exit(run(Surroundings.ofProcess(), arguments));
  }

  /** The exit status. */
  static int run(Surroundings surroundings, String... arguments) {
    var line =
        new CommandLine(new Terminal())
            .addSubcommand(new RunCommand(surroundings))
            .addSubcommand(new TailCommand(surroundings))
            .addSubcommand(new EventsCommand(surroundings))
            .addSubcommand(new SessionsCommand(surroundings))
            .addSubcommand(new StatusCommand(surroundings))
            .addSubcommand(new InterruptCommand(surroundings))
            .addSubcommand(new VersionCommand(surroundings));
    line.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(surroundings)))
        .setUsageHelpWidth(96)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUnmatchedOptionsArePositionalParams(false)
        .registerConverter(SessionId.class, Terminal::session)
        .registerConverter(PermissionMode.class, Terminal::mode)
        .setExecutionExceptionHandler((thrown, at, parsed) -> explain(surroundings, thrown));
    helpful(line);
    line.getSubcommands().values().forEach(Terminal::helpful);
    if (arguments.length == 0) {
      line.usage(surroundings.err());
      return Exit.USAGE;
    }
    return line.execute(arguments);
  }

  private static void helpful(CommandLine command) {
    if (command.getCommandSpec().findOption("--help") != null) return;
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this.").build());
  }

  private static Ansi ansi(Surroundings surroundings) {
    var colours = surroundings.terminal().contains("o") && surroundings.mayColour();
    return colours ? Ansi.ON : Ansi.OFF;
  }

  private static SessionId session(String value) {
    try {
      return new SessionId(value);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException("a session's id " + wrong.getMessage());
    }
  }

  private static PermissionMode mode(String value) {
    return Arrays.stream(PermissionMode.values())
        .filter(mode -> mode.wireName().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'"
                        + value
                        + "' is none of default, acceptEdits, plan, bypassPermissions,"
                        + " dontAsk"));
  }

  private static int explain(Surroundings surroundings, Exception thrown) throws Exception {
    try (var screen = surroundings.aside()) {
      return switch (thrown) {
        case ApiProblem problem -> {
          screen.line(Paint.BAD, "agentledger: " + problem.getMessage());
          if (problem.requestId() != null)
            screen.line(Paint.DIM, "  " + problem.code() + ", request " + problem.requestId());
          yield problem.status() >= 500 || problem.status() == 401 ? Exit.SERVICE : Exit.FAILED;
        }
        case NoService none -> {
          screen.line(Paint.BAD, "agentledger: " + none.getMessage());
          yield Exit.SERVICE;
        }
        default -> throw thrown;
      };
    }
  }
}
