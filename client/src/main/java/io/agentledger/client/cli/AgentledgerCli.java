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
  static int run(CliEnvironment cliEnvironment, String... arguments) {
    var line =
        new CommandLine(new AgentledgerCli())
            .addSubcommand(new RunCommand(cliEnvironment))
            .addSubcommand(new TailCommand(cliEnvironment))
            .addSubcommand(new EventsCommand(cliEnvironment))
            .addSubcommand(new SessionsCommand(cliEnvironment))
            .addSubcommand(new StatusCommand(cliEnvironment))
            .addSubcommand(new InterruptCommand(cliEnvironment))
            .addSubcommand(new VersionCommand(cliEnvironment));
    line.setOut(new PrintWriter(cliEnvironment.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(cliEnvironment.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi(cliEnvironment)))
        .setUsageHelpWidth(96)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUnmatchedOptionsArePositionalParams(false)
        .registerConverter(SessionId.class, AgentledgerCli::session)
        .registerConverter(PermissionMode.class, AgentledgerCli::mode)
        .setExecutionExceptionHandler((thrown, at, parsed) -> explain(cliEnvironment, thrown));
    helpful(line);
    line.getSubcommands().values().forEach(AgentledgerCli::helpful);
    if (arguments.length == 0) {
      line.usage(cliEnvironment.err());
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

  private static Ansi ansi(CliEnvironment cliEnvironment) {
    var colours = cliEnvironment.terminal().contains("o") && cliEnvironment.mayColour();
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

  private static int explain(CliEnvironment cliEnvironment, Exception thrown) throws Exception {
    try (var consoleOutput = cliEnvironment.errorOutput()) {
      return switch (thrown) {
        case ApiException apiException -> {
          consoleOutput.line(TextStyle.BAD, "agentledger: " + apiException.getMessage());
          if (apiException.requestId() != null)
            consoleOutput.line(
                TextStyle.DIM,
                "  " + apiException.code() + ", request " + apiException.requestId());
          yield apiException.status() >= 500 || apiException.status() == 401
              ? ExitCode.SERVICE
              : ExitCode.FAILED;
        }
        case ServiceUnavailableException none -> {
          consoleOutput.line(TextStyle.BAD, "agentledger: " + none.getMessage());
          yield ExitCode.SERVICE;
        }
        default -> throw thrown;
      };
    }
  }
}
