package io.agentledger.client.cli;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatStatus;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.query.SearchFilter.DocumentKind;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryStatus;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.client.bench.BenchRow;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code agentledger}. */
@Command(
    name = "agentledger",
    description = "Runs Claude Code agents and records every step.",
    subcommands = {
      ScriptCommand.Serve.class,
      ScriptCommand.Start.class,
      ScriptCommand.Logs.class,
      HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "The local service runs from AGENTLEDGER_HOME (default: data beside this program). Set",
      "AGENTLEDGER_URL and AGENTLEDGER_KEY to use a remote one. NO_COLOR is honoured."
    })
public final class AgentledgerCli {
  private final CliEnvironment environment;

  private AgentledgerCli(CliEnvironment environment) {
    this.environment = environment;
  }

  CliEnvironment environment() {
    return environment;
  }

  public static void main(String[] arguments) {
    System.exit(run(CliEnvironment.ofProcess(), arguments));
  }

  /** The exit status. */
  static int run(CliEnvironment environment, String... arguments) {
    var line = create(environment);
    if (arguments.length == 0) {
      line.usage(environment.err());
      return ExitCode.USAGE;
    }
    return line.execute(arguments);
  }

  /** Creates the program with all of its commands. */
  static CommandLine create(CliEnvironment environment) {
    var line =
        new CommandLine(new AgentledgerCli(environment))
            .addSubcommand(new StopCommand())
            .addSubcommand(new RunCommand(environment))
            .addSubcommand(new TailCommand(environment))
            .addSubcommand(new ReplayCommand(environment))
            .addSubcommand(new EventsCommand(environment))
            .addSubcommand(new SessionsCommand(environment))
            .addSubcommand(new SearchCommand(environment))
            .addSubcommand(new StatusCommand(environment))
            .addSubcommand(new InterruptCommand(environment))
            .addSubcommand(new ChatCommand(environment))
            .addSubcommand(new VersionCommand(environment))
            .addSubcommand(new WorkspaceCommands.ListFiles())
            .addSubcommand(new WorkspaceCommands.GetFile())
            .addSubcommand(new WorkspaceCommands.Diff())
            .addSubcommand(new WorkspaceCommands.Compare())
            .addSubcommand(new WorkspaceCommands.Rewind())
            .addSubcommand(new SessionCommands.Approve())
            .addSubcommand(new SessionCommands.Deny())
            .addSubcommand(new SessionCommands.Archive())
            .addSubcommand(new SessionCommands.Restore())
            .addSubcommand(new SessionCommands.Delete())
            .addSubcommand(new PolicyCommands.ListPolicies())
            .addSubcommand(new AgentCommands.Agents())
            .addSubcommand(new TaskCommands.Tasks())
            .addSubcommand(new TriggerCommands.Triggers())
            .addSubcommand(new FlowCommands.Flows())
            .addSubcommand(new SourceIdentityCommands.SourceIdentities())
            .addSubcommand(new ChannelCommands.Channels())
            .addSubcommand(new ContactChatCommands.Chats())
            .addSubcommand(new TemplatesCommand())
            .addSubcommand(new KeyCommands.ListKeys())
            .addSubcommand(new AuditCommand())
            .addSubcommand(new ReportCommand())
            .addSubcommand(new ReportCommands.Reports())
            .addSubcommand(new SubscriptionCommands.Subscriptions())
            .addSubcommand(new ProjectionCommands.Projections())
            .addSubcommand(new BenchCommand(environment));
    line.addSubcommand(new CompletionCommand(environment, line));
    line.setOut(new PrintWriter(environment.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(environment.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansiMode(environment)))
        .setUsageHelpWidth(96)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUnmatchedOptionsArePositionalParams(false)
        .registerConverter(SessionId.class, text -> parseId(text, "a session's id", SessionId::new))
        .registerConverter(RunId.class, text -> parseId(text, "a run's id", RunId::new))
        .registerConverter(
            CheckpointId.class, text -> parseId(text, "a checkpoint's id", CheckpointId::new))
        .registerConverter(AgentId.class, text -> parseId(text, "an agent's id", AgentId::new))
        .registerConverter(TaskId.class, text -> parseId(text, "a task's id", TaskId::new))
        .registerConverter(TriggerId.class, text -> parseId(text, "a trigger's id", TriggerId::new))
        .registerConverter(
            InboundDeliveryId.class,
            text -> parseId(text, "a delivery's id", InboundDeliveryId::new))
        .registerConverter(ChannelId.class, text -> parseId(text, "a channel's id", ChannelId::new))
        .registerConverter(ChatId.class, text -> parseId(text, "a chat's id", ChatId::new))
        .registerConverter(
            ChatMessageId.class, text -> parseId(text, "a message's id", ChatMessageId::new))
        .registerConverter(
            SenderType.class,
            text -> parseName(text, SenderType.values(), AgentledgerCli::lowerCase))
        .registerConverter(
            ChatStatus.class,
            text -> parseName(text, ChatStatus.values(), AgentledgerCli::lowerCase))
        .registerConverter(
            ChatAgentState.class,
            text -> parseName(text, ChatAgentState.values(), AgentledgerCli::lowerCase))
        .registerConverter(FlowId.class, text -> parseId(text, "a flow's id", FlowId::new))
        .registerConverter(
            SourceIdentityId.class,
            text -> parseId(text, "an identity's id", SourceIdentityId::new))
        .registerConverter(
            ExecutionId.class, text -> parseId(text, "an execution's id", ExecutionId::new))
        .registerConverter(PolicyId.class, text -> parseId(text, "a policy's id", PolicyId::new))
        .registerConverter(
            CredentialId.class, text -> parseId(text, "a key's id", CredentialId::new))
        .registerConverter(UserId.class, text -> parseId(text, "a user's id", UserId::new))
        .registerConverter(
            ReportTemplateId.class,
            text -> parseId(text, "a report template's id", ReportTemplateId::new))
        .registerConverter(
            ReportScheduleId.class,
            text -> parseId(text, "a report schedule's id", ReportScheduleId::new))
        .registerConverter(ReportId.class, text -> parseId(text, "a report's id", ReportId::new))
        .registerConverter(
            SubscriptionId.class, text -> parseId(text, "a subscription's id", SubscriptionId::new))
        .registerConverter(
            DeliveryId.class, text -> parseId(text, "a delivery's id", DeliveryId::new))
        .registerConverter(
            DeliveryStatus.class,
            text -> parseName(text, DeliveryStatus.values(), DeliveryStatus::wireName))
        .registerConverter(LocalDate.class, AgentledgerCli::parseDay)
        .registerConverter(
            ReportType.class, text -> parseName(text, ReportType.values(), ReportType::wireName))
        .registerConverter(
            ReportFormat.class,
            text -> parseName(text, ReportFormat.values(), ReportFormat::wireName))
        .registerConverter(
            GroupBy.class, text -> parseName(text, GroupBy.values(), AgentledgerCli::lowerCase))
        .registerConverter(PermissionMode.class, AgentledgerCli::parsePermissionMode)
        .registerConverter(
            Activity.class, text -> parseName(text, Activity.values(), AgentledgerCli::lowerCase))
        .registerConverter(
            ExecutionMode.class,
            text -> parseName(text, ExecutionMode.values(), AgentledgerCli::lowerCase))
        .registerConverter(
            DocumentKind.class,
            text -> parseName(text, DocumentKind.values(), AgentledgerCli::lowerCase))
        .registerConverter(
            CallStatus.class,
            text -> parseName(text, CallStatus.values(), AgentledgerCli::lowerCase))
        .registerConverter(
            BenchRow.class, text -> parseName(text, BenchRow.values(), BenchRow::label))
        .registerConverter(int.class, text -> parseNumber(text, Integer::valueOf))
        .registerConverter(Integer.class, text -> parseNumber(text, Integer::valueOf))
        .registerConverter(long.class, text -> parseNumber(text, Long::valueOf))
        .registerConverter(Long.class, text -> parseNumber(text, Long::valueOf))
        .setParameterExceptionHandler(
            (exception, commandLineArguments) -> printUsageError(environment, exception))
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> printError(environment, commandLine, exception));
    addHelpOptions(line);
    line.getCommandSpec()
        .version(VersionCommand.text(environment))
        .addOption(
            OptionSpec.builder("--version")
                .versionHelp(true)
                .description("Prints the version.")
                .build());
    return line;
  }

  private static void addHelpOptions(CommandLine command) {
    command.getSubcommands().values().forEach(AgentledgerCli::addHelpOptions);
    if (command.getCommandSpec().findOption("--help") != null) return;
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this.").build());
  }

  private static Ansi ansiMode(CliEnvironment environment) {
    var colours = environment.terminalStreams().contains("o") && environment.hasColours();
    return colours ? Ansi.ON : Ansi.OFF;
  }

  private static <T> T parseId(String value, String name, Function<String, T> constructor) {
    try {
      return constructor.apply(value);
    } catch (IllegalArgumentException exception) {
      throw new TypeConversionException(name + " " + exception.getMessage());
    }
  }

  private static <T extends Number> T parseNumber(String value, Function<String, T> parser) {
    try {
      return parser.apply(value);
    } catch (NumberFormatException exception) {
      var reason = value.matches("-?\\d+") ? "is too large" : "is not a whole number";
      throw new TypeConversionException("'" + value + "' " + reason);
    }
  }

  private static LocalDate parseDay(String value) {
    try {
      return LocalDate.parse(value);
    } catch (DateTimeParseException exception) {
      throw new TypeConversionException("'" + value + "' is not a day such as 2026-11-30");
    }
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static <T> T parseName(String value, T[] values, Function<T, String> name) {
    return Arrays.stream(values)
        .filter(candidate -> name.apply(candidate).equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'"
                        + value
                        + "' is not one of "
                        + Arrays.stream(values).map(name).collect(Collectors.joining(", "))));
  }

  static PermissionMode parsePermissionMode(String value) {
    return parseName(value, PermissionMode.values(), PermissionMode::wireName);
  }

  private static int printUsageError(CliEnvironment environment, ParameterException exception) {
    var commandLine = exception.getCommandLine();
    printUsageError(environment, commandLine, UsageMessage.of(exception));
    UnmatchedArgumentException.printSuggestions(exception, commandLine.getErr());
    return ExitCode.USAGE;
  }

  private static int printUsageError(
      CliEnvironment environment, CommandLine commandLine, String message) {
    try (var output = environment.errorOutput()) {
      output.printLine(
          TextStyle.ERROR,
          "agentledger: "
              + message
              + " (see "
              + commandLine.getCommandSpec().qualifiedName()
              + " --help)");
    }
    return ExitCode.USAGE;
  }

  private static int printError(
      CliEnvironment environment, CommandLine commandLine, Exception exception) throws Exception {
    if (exception instanceof InterruptedException) return ExitCode.INTERRUPTED;
    if (exception instanceof ApiException refusal) {
      var message = new RequestFieldNames(commandLine.getParseResult()).describe(refusal);
      if (message.isPresent()) return printUsageError(environment, commandLine, message.get());
    }
    try (var output = environment.errorOutput()) {
      return switch (exception) {
        case ApiException apiException -> {
          output.printLine(TextStyle.ERROR, "agentledger: " + apiException.getMessage());
          if (apiException.requestId() != null)
            output.printLine(
                TextStyle.DIM,
                "  " + apiException.code() + ", request " + apiException.requestId());
          yield apiException.status() >= 500 ? ExitCode.SERVICE : ExitCode.FAILED;
        }
        case ServiceUnavailableException serviceUnavailableException -> {
          output.printLine(
              TextStyle.ERROR, "agentledger: " + serviceUnavailableException.getMessage());
          yield ExitCode.SERVICE;
        }
        default -> throw exception;
      };
    }
  }
}
