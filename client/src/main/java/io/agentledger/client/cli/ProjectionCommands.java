package io.agentledger.client.cli;

import io.agentledger.api.ops.ProjectionRebuildView;
import io.agentledger.api.ops.ProjectionView;
import io.agentledger.api.ops.RebuildStatus;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.ops.ProjectionsClient;
import io.agentledger.client.support.ApiException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jline.utils.AttributedString;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Commands of operators about projections: {@code agentledger projections}. */
final class ProjectionCommands {
  private static final int BAR_COLUMNS = 24;
  private static final int FAILURE_LENGTH_MAX = 500;

  private ProjectionCommands() {}

  /** {@code agentledger projections}: lists projections. */
  @Command(
      name = "projections",
      description = "Lists the read models with their progress; rebuilds one.",
      subcommands = Rebuild.class,
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Projections extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      for (var projection : service.projections().list().items())
        output.printLine(
            String.format(
                Locale.ROOT,
                "%-12s  %d of %d%s%s%s",
                projection.name(),
                projection.position() + 1,
                projection.head() + 1,
                projection.running() ? "" : ", stopped",
                projection.replaying() ? ", replaying" : "",
                projection.deadLetters() == 0
                    ? ""
                    : ", " + projection.deadLetters() + " dead letters"));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger projections rebuild}: rebuilds a projection beside its live tables. */
  @Command(
      name = "rebuild",
      description = "Rebuilds a read model beside the live one, which it then replaces.")
  @SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
  static final class Rebuild extends ServiceCommand {
    private static final Pattern NAME = Pattern.compile("[a-z]+");
    private static final int NOT_FOUND = 404;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    @Parameters(paramLabel = "NAME", description = "Such as session; projections lists all.")
    private String name;

    @Option(names = "--detach", description = "Does not wait for the end.")
    private boolean detach;

    private volatile boolean interrupted;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var projections = service.projections();
      var rebuild = start(projections);
      if (detach) {
        output.printLine(name + " is being rebuilt");
        return ExitCode.OK;
      }
      try (var progress = environment().errorOutput();
          var handler = new InterruptSignalHandler(() -> cancel(projections, progress), () -> {})) {
        while (rebuild.status() == RebuildStatus.RUNNING) {
          if (progress.isTerminal())
            progress.showLive(
                List.of(
                    new AttributedString(progressLine(rebuild))
                        .columnSubSequence(0, progress.width())));
          LockSupport.parkNanos(POLL_NANOS);
          rebuild = projections.findRebuild(name);
        }
        progress.startLine();
      }
      if (interrupted) return ExitCode.INTERRUPTED;
      output.printLine(outcome(rebuild));
      return rebuild.status() == RebuildStatus.COMPLETED ? ExitCode.OK : ExitCode.FAILED;
    }

    private ProjectionRebuildView start(ProjectionsClient projections) {
      try {
        if (NAME.matcher(name).matches()) return projections.rebuild(name);
      } catch (ApiException refused) {
        if (refused.status() != NOT_FOUND) throw refused;
      }
      var names = projections.list().items().stream().map(ProjectionView::name).sorted().toList();
      throw new ParameterException(
          spec.commandLine(),
          "There is no read model '%s'. There are: %s".formatted(name, String.join(", ", names)));
    }

    private void cancel(ProjectionsClient projections, ConsoleOutput progress) {
      interrupted = true;
      progress.printLine(TextStyle.WARNING, "! cancelling the rebuild");
      projections.cancelRebuild(name);
    }
  }

  static String progressLine(ProjectionRebuildView rebuild) {
    long total = Math.max(1, rebuild.head() + 1);
    long done = Math.min(total, rebuild.position() + 1);
    int filled = (int) (done * BAR_COLUMNS / total);
    var rate = rebuild.eventsPerSecond();
    var left = rebuild.secondsLeft();
    return "█".repeat(filled)
        + "░".repeat(BAR_COLUMNS - filled)
        + " %3d %%  %s  %d of %d events"
            .formatted(done * 100 / total, rebuild.status().wireName(), done, total)
        + (rate == null ? "" : ", " + rate + "/s")
        + (left == null ? "" : ", " + left + " s left");
  }

  private static String outcome(ProjectionRebuildView rebuild) {
    var failure = rebuild.failure();
    return "%s: %s, %d events%s"
        .formatted(
            rebuild.projection(),
            rebuild.status().wireName(),
            rebuild.events(),
            failure == null
                ? ""
                : ": " + TerminalSanitizer.sanitizeLine(failure, FAILURE_LENGTH_MAX));
  }
}
