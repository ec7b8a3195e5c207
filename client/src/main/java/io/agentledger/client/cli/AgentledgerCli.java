package io.agentledger.client.cli;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.SessionId;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ServiceUnavailableException;
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
      ScriptCommand.Serve.class,
      ScriptCommand.Start.class,
      ScriptCommand.Stop.class,
      HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "The service runs from AGENTLEDGER_HOME (default: data beside this program); another one is",
      "reached with AGENTLEDGER_URL and AGENTLEDGER_KEY. NO_COLOR is honoured."
    })
public final class AgentledgerCli {
  private AgentledgerCli() {}

  public static void main(String[] arguments) {
    System.exit(run(CliEnvironment.ofProcess(), arguments));
  }

  /** The exit status. */
  static int run(CliEnvironment surroundings, String... arguments) {
    var line =
        new CommandLine(new AgentledgerCli())
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
        .registerConverter(SessionId.class, AgentledgerCli::session)
        .registerConverter(PermissionMode.class, AgentledgerCli::mode)
        .setExecutionExceptionHandler((thrown, at, parsed) -> explain(surroundings, thrown));
    helpful(line);
    line.getSubcommands().values().forEach(AgentledgerCli::helpful);
    if (arguments.length == 0) {
      line.usage(surroundings.err());
      return ExitCode.USAGE;
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

  private static Ansi ansi(CliEnvironment surroundings) {
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

  private static int explain(CliEnvironment surroundings, Exception thrown) throws Exception {
    try (var screen = surroundings.aside()) {
      return switch (thrown) {
        case ApiException problem -> {
          screen.line(TextStyle.BAD, "agentledger: " + problem.getMessage());
          if (problem.requestId() != null)
            screen.line(TextStyle.DIM, "  " + problem.code() + ", request " + problem.requestId());
          yield problem.status() >= 500 || problem.status() == 401
              ? ExitCode.SERVICE
              : ExitCode.FAILED;
        }
        case ServiceUnavailableException none -> {
          screen.line(TextStyle.BAD, "agentledger: " + none.getMessage());
          yield ExitCode.SERVICE;
        }
        default -> throw thrown;
      };
    }
  }
}
