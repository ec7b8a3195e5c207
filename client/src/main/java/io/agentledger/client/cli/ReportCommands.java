package io.agentledger.client.cli;

import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportQuery.ReportFilter;
import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about reports that were requested: {@code agentledger reports}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class ReportCommands {
  private static final OptionRange LIMIT = new OptionRange("--limit", 1, PageRequest.LIMIT_MAX);
  private static final int MESSAGE_LENGTH_MAX = 300;

  private ReportCommands() {}

  /** {@code agentledger reports}: lists reports. */
  @Command(
      name = "reports",
      description =
          "Lists your reports, newest first; shows, downloads and deletes them; configures"
              + " settings, templates and schedules.",
      subcommands = {
        ShowReport.class,
        GetReport.class,
        DeleteReport.class,
        ReportSettingsCommands.ShowSettings.class,
        ReportTemplateCommands.Templates.class,
        ReportScheduleCommands.Schedules.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Reports extends ServiceCommand {
    @Option(
        names = "--limit",
        paramLabel = "N",
        defaultValue = "20",
        description = "At most N reports, 1 to 500, default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
        names = "--sha256",
        paramLabel = "HASH",
        description = "Only those whose file has this SHA-256, as sha256sum prints it.")
    private @Nullable String sha256;

    @Option(
        names = "--schedule",
        paramLabel = "SCHEDULE",
        description = "Only those of this schedule, rsc_...")
    private @Nullable ReportScheduleId schedule;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      LIMIT.check(spec, limit);
      var filter = new ReportFilter(null, null, null, schedule, sha256);
      var page = service.reports().list(filter, new PageRequest(limit, null));
      if (page.items().isEmpty()) output.printLine(TextStyle.DIM, "no reports");
      page.items().forEach(report -> print(report, output));
      if (page.nextCursor() != null) output.printLine(TextStyle.DIM, "there are more; see --limit");
      return ExitCode.OK;
    }
  }

  /** {@code agentledger reports show}: prints the state of a report. */
  @Command(name = "show", description = "Prints the state of a report.")
  static final class ShowReport extends ServiceCommand {
    @Parameters(paramLabel = "REPORT", description = "rep_...")
    private ReportId report;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var view = service.reports().find(report);
      print(view, output);
      if (view.sha256() != null) output.printLine(TextStyle.DIM, "  SHA-256 " + view.sha256());
      if (view.failure() != null) output.printLine(TextStyle.WARNING, "  ! " + outcome(view));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger reports get}: downloads a completed report. */
  @Command(name = "get", description = "Downloads the file of a completed report.")
  static final class GetReport extends ReportFileCommand {
    @Parameters(paramLabel = "REPORT", description = "rep_...")
    private ReportId report;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      checkTarget();
      var view = service.reports().find(report);
      checkTarget(view, output);
      save(service.reports(), view, output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger reports delete}: deletes a report. */
  @Command(name = "delete", description = "Deletes a report and its file in the service.")
  static final class DeleteReport extends ServiceCommand {
    @Parameters(paramLabel = "REPORT", description = "rep_...")
    private ReportId report;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.reports().delete(report);
      output.printLine(report + " is deleted");
      return ExitCode.OK;
    }
  }

  private static void print(ReportView report, ConsoleOutput output) {
    var bytes = report.bytes();
    output.printLine(
        String.format(
            Locale.ROOT,
            "%s  %-9s  %-18s  %-8s  %10s  %-10s  %s",
            report.id(),
            report.status().wireName(),
            report.type().wireName(),
            report.format().wireName(),
            bytes == null ? report.percent() + " %" : ConsoleFormat.size(bytes),
            ConsoleFormat.age(report.requestedAt()),
            subject(report)));
  }

  private static String subject(ReportView report) {
    if (report.sessionId() != null) return report.sessionId().value();
    if (report.from() != null) return report.from() + " to " + report.to();
    return report.userId() == null ? "" : report.userId().value();
  }

  /** Says how a report ended that has no file. */
  static String outcome(ReportView report) {
    var failure = report.failure();
    if (failure == null) return report.id() + " is " + report.status().wireName() + ".";
    return "%s failed: %s (%s)"
        .formatted(
            report.id(),
            TerminalSanitizer.sanitizeLine(failure.message(), MESSAGE_LENGTH_MAX),
            failure.code());
  }
}
