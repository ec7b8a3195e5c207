package io.agentledger.client.cli;

import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.FlowStepView;
import io.agentledger.api.flow.FlowView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Commands about flows: {@code agentledger flows}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class FlowCommands {
  private static final PageRequest PAGE = new PageRequest(PageRequest.LIMIT_DEFAULT, null);
  private static final int NAME_MAX = 60;
  private static final int TEXT_MAX = 300;

  private FlowCommands() {}

  /** {@code agentledger flows}: lists flows. */
  @Command(
      name = "flows",
      description = "Lists flows; starts, shows, approves, rejects and cancels them.",
      subcommands = {
        ListFlows.class,
        ShowFlow.class,
        StartFlow.class,
        ApproveFlow.class,
        RejectFlow.class,
        CancelFlow.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Flows extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return listFlows(service, null, output);
    }
  }

  /** {@code agentledger flows list}: lists flows. */
  @Command(name = "list", description = "Lists flows, newest first.")
  static final class ListFlows extends ServiceCommand {
    @Option(names = "--status", paramLabel = "STATUS", description = "For example executing.")
    private @Nullable FlowStatus status;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      return listFlows(service, status, output);
    }
  }

  private static int listFlows(
      AgentledgerClient service, @Nullable FlowStatus status, ConsoleOutput output) {
    var flows = service.flows().list(status, PAGE).items();
    if (flows.isEmpty()) output.printLine(TextStyle.DIM, "no flows");
    flows.forEach(flow -> print(flow, output));
    return ExitCode.OK;
  }

  /** {@code agentledger flows show}: prints the story of a flow. */
  @Command(name = "show", description = "Prints the story of a flow, and its plan.")
  static final class ShowFlow extends ServiceCommand {
    @Parameters(paramLabel = "FLOW", description = "flw_...")
    private FlowId flow;

    @Option(names = "--plan", description = "Prints the plan only.")
    private boolean plan;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      if (plan) {
        service
            .flows()
            .findPlan(flow)
            .text()
            .lines()
            .forEach(
                line -> output.printLine(TerminalSanitizer.sanitizeLine(line, Integer.MAX_VALUE)));
        return ExitCode.OK;
      }
      var view = service.flows().find(flow);
      print(view, output);
      var names = new UserNames(service);
      view.steps().forEach(step -> print(step, names, output));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger flows start}: starts a flow from a file. */
  @Command(name = "start", description = "Starts a flow from a file with the body of the request.")
  static final class StartFlow extends ServiceCommand {
    @Parameters(paramLabel = "FILE", description = "JSON, as for POST /api/v1/flows.")
    private Path file;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      try {
        print(service.flows().start(Files.readString(file)), output);
        return ExitCode.OK;
      } catch (IOException exception) {
        throw new ParameterException(spec.commandLine(), file + " cannot be read");
      } catch (IllegalArgumentException exception) {
        throw new ParameterException(spec.commandLine(), file + " " + exception.getMessage());
      }
    }
  }

  /** {@code agentledger flows approve}: approves the plan of a flow. */
  @Command(name = "approve", description = "Approves the plan of a flow.")
  static final class ApproveFlow extends ServiceCommand {
    @Parameters(paramLabel = "FLOW", description = "flw_...")
    private FlowId flow;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Shown in the story.")
    private @Nullable String reason;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.flows().approve(flow, reason), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger flows reject}: rejects the plan of a flow. */
  @Command(name = "reject", description = "Rejects the plan of a flow, which ends it.")
  static final class RejectFlow extends ServiceCommand {
    @Parameters(paramLabel = "FLOW", description = "flw_...")
    private FlowId flow;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Shown in the story.")
    private @Nullable String reason;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.flows().reject(flow, reason), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger flows cancel}: cancels a flow and its executions. */
  @Command(name = "cancel", description = "Cancels a flow and its executions.")
  static final class CancelFlow extends ServiceCommand {
    @Parameters(paramLabel = "FLOW", description = "flw_...")
    private FlowId flow;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.flows().cancel(flow), output);
      return ExitCode.OK;
    }
  }

  private static void print(FlowView flow, ConsoleOutput output) {
    var error = flow.error();
    output.printLine(
        String.format(
            Locale.ROOT,
            "%s  %-17s  %s  %s%s",
            flow.id(),
            nameOf(flow.status()),
            ConsoleFormat.cost(flow.costUsd()),
            TerminalSanitizer.sanitizeLine(flow.work().task().name(), NAME_MAX),
            error == null ? "" : ": " + TerminalSanitizer.sanitizeLine(error.message(), TEXT_MAX)));
  }

  private static void print(FlowStepView step, UserNames names, ConsoleOutput output) {
    var line = new StringBuilder("  ").append(step.at()).append("  ").append(nameOf(step.kind()));
    var from = step.from();
    if (from != null) {
      line.append(" by ").append(names.find(step.actor().toString()));
      if (from.sourceIdentityId() != null)
        line.append(" (").append(from.sourceIdentityId()).append(')');
    }
    if (step.sessionId() != null) line.append("  ").append(step.sessionId());
    if (step.costUsd() != null) line.append("  ").append(ConsoleFormat.cost(step.costUsd()));
    if (step.branch() != null) line.append("  ").append(step.branch());
    if (step.url() != null) line.append("  ").append(step.url());
    if (step.text() != null) line.append(": ").append(step.text());
    output.printLine(TerminalSanitizer.sanitizeLine(line.toString(), TEXT_MAX));
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
