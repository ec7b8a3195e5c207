package io.agentledger.client.cli;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.InboundDeliveryView;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.TriggerQuery.TriggerFilter;
import io.agentledger.api.trigger.TriggerView;
import io.agentledger.client.AgentledgerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Commands about triggers and the webhooks that they received: {@code agentledger triggers}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class TriggerCommands {
  private static final PageRequest PAGE = new PageRequest(PageRequest.LIMIT_DEFAULT, null);
  private static final int NAME_MAX = 60;
  private static final int TEXT_MAX = 300;
  private static final int PROMPT_MAX = 100_000;

  private static final TriggerFilter ALL = new TriggerFilter(null, null, null, null, false);

  private TriggerCommands() {}

  /** {@code agentledger triggers}: lists triggers. */
  @Command(
      name = "triggers",
      description = "Lists triggers; creates, tests and pauses them, and shows their webhooks.",
      subcommands = {
        ListTriggers.class,
        ShowTrigger.class,
        Versions.class,
        CreateTrigger.class,
        TestTrigger.class,
        Deliveries.class,
        Redeliver.class,
        PauseTrigger.class,
        ResumeTrigger.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Triggers extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return listTriggers(service, ALL, output);
    }
  }

  /** {@code agentledger triggers list}: lists triggers. */
  @Command(name = "list", description = "Lists triggers, newest first.")
  static final class ListTriggers extends ServiceCommand {
    @Option(names = "--provider", paramLabel = "NAME", description = "Only of this provider.")
    private @Nullable String provider;

    @Option(names = "--task", paramLabel = "TASK", description = "Only those that start it.")
    private @Nullable TaskId task;

    @Option(
        names = "--paused",
        description = "Only paused ones; --no-paused: only others.",
        negatable = true)
    private @Nullable Boolean paused;

    @Option(names = "--text", paramLabel = "TEXT", description = "A part of the name.")
    private @Nullable String text;

    @Option(names = "--archived", description = "Archived ones, too.")
    private boolean archived;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var filter = new TriggerFilter(provider, task, paused, text, archived);
      return listTriggers(service, filter, output);
    }
  }

  private static int listTriggers(
      AgentledgerClient service, TriggerFilter filter, ConsoleOutput output) {
    var triggers = service.triggers().list(filter, PAGE).items();
    if (triggers.isEmpty()) output.printLine(TextStyle.DIM, "no triggers");
    triggers.forEach(trigger -> print(trigger, output));
    return ExitCode.OK;
  }

  /** {@code agentledger triggers show}: prints a trigger and its last deliveries. */
  @Command(name = "show", description = "Prints a trigger and its last deliveries.")
  static final class ShowTrigger extends ServiceCommand {
    @Parameters(paramLabel = "TRIGGER", description = "trg_...")
    private TriggerId trigger;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.triggers().find(trigger), output);
      service.triggers().deliveries(trigger, PAGE).items().forEach(item -> print(item, output));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger triggers versions}: prints the versions of a trigger. */
  @Command(name = "versions", description = "Prints the versions of a trigger, newest first.")
  static final class Versions extends ServiceCommand {
    @Parameters(paramLabel = "TRIGGER", description = "trg_...")
    private TriggerId trigger;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var names = new UserNames(service);
      for (var version : service.triggers().versions(trigger, PAGE).items())
        output.printLine(
            "%d  %s  by %s  %s · %s%s%s"
                .formatted(
                    version.version(),
                    version.at(),
                    TerminalSanitizer.sanitizeLine(
                        names.find(version.actor().toString()), NAME_MAX),
                    TerminalSanitizer.sanitizeLine(version.name(), NAME_MAX),
                    version.taskId(),
                    version.paused() ? " · paused" : "",
                    version.archived() ? " · archived" : ""));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger triggers create}: creates a trigger from a file. */
  @Command(
      name = "create",
      description = "Creates a trigger from a file with the body of the request.")
  static final class CreateTrigger extends ServiceCommand {
    @Parameters(paramLabel = "FILE", description = "JSON, as for POST /api/v1/triggers.")
    private Path file;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(withFile(this, file, service.triggers()::create), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger triggers test}: shows what a payload would start. */
  @Command(name = "test", description = "Shows what a payload would start, without any effect.")
  static final class TestTrigger extends ServiceCommand {
    @Parameters(paramLabel = "TRIGGER", description = "trg_...")
    private TriggerId trigger;

    @Parameters(paramLabel = "FILE", description = "The payload, JSON.")
    private Path file;

    @Option(
        names = "--header",
        paramLabel = "NAME=VALUE",
        description = "A header that the provider sends, as X-GitHub-Event=issues; repeatable.")
    private Map<String, String> headers = Map.of();

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var preview =
          withFile(this, file, payload -> service.triggers().test(trigger, headers, payload));
      if (preview.error() != null) {
        output.printLine(TerminalSanitizer.sanitizeLine(preview.error(), TEXT_MAX));
        return ExitCode.FAILED;
      }
      if (preview.reason() != null) {
        output.printLine("ignored: " + nameOf(preview.reason()));
        return ExitCode.OK;
      }
      if (preview.taskId() == null) {
        output.printLine("command without a task: " + preview.command());
        return ExitCode.OK;
      }
      output.printLine(
          "starts "
              + preview.taskId()
              + (preview.command() == null ? "" : " by " + preview.command()));
      if (preview.approvalRequired() != null)
        output.printLine(
            "in a flow"
                + (preview.planTaskId() == null ? "" : " with a plan by " + preview.planTaskId())
                + (preview.approvalRequired() ? ", which a user must approve" : ""));
      if (preview.concurrencyKey() != null)
        output.printLine(
            "concurrency key: "
                + TerminalSanitizer.sanitizeLine(preview.concurrencyKey(), TEXT_MAX));
      if (preview.prompt() != null)
        preview
            .prompt()
            .lines()
            .forEach(line -> output.printLine(TerminalSanitizer.sanitizeLine(line, PROMPT_MAX)));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger triggers deliveries}: lists deliveries. */
  @Command(name = "deliveries", description = "Lists the webhooks of a trigger, newest first.")
  static final class Deliveries extends ServiceCommand {
    @Parameters(paramLabel = "TRIGGER", description = "trg_...")
    private TriggerId trigger;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var deliveries = service.triggers().deliveries(trigger, PAGE).items();
      if (deliveries.isEmpty()) output.printLine(TextStyle.DIM, "no deliveries");
      deliveries.forEach(delivery -> print(delivery, output));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger triggers redeliver}: processes a delivery again. */
  @Command(name = "redeliver", description = "Processes a webhook again.")
  static final class Redeliver extends ServiceCommand {
    @Parameters(paramLabel = "TRIGGER", description = "trg_...")
    private TriggerId trigger;

    @Parameters(paramLabel = "DELIVERY", description = "ind_...")
    private InboundDeliveryId delivery;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.triggers().redeliver(trigger, delivery), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger triggers pause}: pauses a trigger. */
  @Command(name = "pause", description = "Pauses a trigger; its webhooks are kept.")
  static final class PauseTrigger extends ServiceCommand {
    @Parameters(paramLabel = "TRIGGER", description = "trg_...")
    private TriggerId trigger;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.triggers().setPaused(trigger, true), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger triggers resume}: continues a trigger. */
  @Command(name = "resume", description = "Continues a trigger with the next webhook.")
  static final class ResumeTrigger extends ServiceCommand {
    @Parameters(paramLabel = "TRIGGER", description = "trg_...")
    private TriggerId trigger;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.triggers().setPaused(trigger, false), output);
      return ExitCode.OK;
    }
  }

  private static <T> T withFile(ServiceCommand command, Path file, Function<String, T> operation) {
    try {
      return operation.apply(Files.readString(file));
    } catch (IOException exception) {
      throw new ParameterException(command.spec.commandLine(), file + " cannot be read");
    } catch (IllegalArgumentException exception) {
      throw new ParameterException(command.spec.commandLine(), file + " " + exception.getMessage());
    }
  }

  private static void print(TriggerView trigger, ConsoleOutput output) {
    output.printLine(
        "%s  %s · version %d · %s%s"
            .formatted(
                trigger.id(),
                TerminalSanitizer.sanitizeLine(trigger.name(), NAME_MAX),
                trigger.version(),
                trigger.path(),
                trigger.paused() ? " · paused" : ""));
  }

  private static void print(InboundDeliveryView delivery, ConsoleOutput output) {
    var result =
        switch (delivery.outcome()) {
          case null -> "";
          case DeliveryOutcome.Queued queued -> queued.executionId() + " " + queued.command();
          case DeliveryOutcome.StartedFlow started -> started.flowId() + " " + started.command();
          case DeliveryOutcome.Decided decided ->
              decided.flowId() + " " + nameOf(decided.decision());
          case DeliveryOutcome.Answered answered -> "comment " + answered.commentId();
          case DeliveryOutcome.Ignored ignored -> nameOf(ignored.reason());
          case DeliveryOutcome.Merged merged -> "into " + merged.deliveryId();
          case DeliveryOutcome.Failed failed -> failed.message();
        };
    output.printLine(
        String.format(
            Locale.ROOT,
            "%s  %s  %-12s  %s  %s",
            delivery.id(),
            delivery.receivedAt(),
            nameOf(delivery.status()),
            TerminalSanitizer.sanitizeLine(delivery.eventType(), NAME_MAX),
            TerminalSanitizer.sanitizeLine(result, TEXT_MAX)));
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
