package io.agentledger.client.cli;

import io.agentledger.api.cost.CostQuery.GroupBy;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportId;
import io.agentledger.api.report.ReportStatus;
import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportType;
import io.agentledger.api.report.ReportView;
import io.agentledger.api.session.SessionId;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.report.ReportRequest;
import io.agentledger.client.report.ReportsClient;
import io.agentledger.client.support.ApiException;
import io.agentledger.client.support.ServiceUnavailableException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code agentledger report}: makes a report and downloads its file. */
@Command(
    name = "report",
    description = "Makes a report, by default the transcript of a session, and downloads it.",
    footer = {
      "",
      "A session_transcript and session_activity need SESSION; usage, access_audit and",
      "record_keeping need --from and --to. Prints the path of the file. Ctrl-C cancels the report."
    })
final class ReportCommand extends ReportFileCommand {
  private static final Map<String, ReportFormat> EXTENSIONS =
      Map.of(
          "html", ReportFormat.HTML,
          "htm", ReportFormat.HTML,
          "md", ReportFormat.MARKDOWN,
          "markdown", ReportFormat.MARKDOWN,
          "json", ReportFormat.JSON,
          "csv", ReportFormat.CSV,
          "pdf", ReportFormat.PDF);

  private static final int BAR_COLUMNS = 24;
  private static final int STAGE_LENGTH_MAX = 40;

  @Parameters(paramLabel = "SESSION", arity = "0..1", description = "ses_...")
  private @Nullable SessionId session;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description =
          "session_transcript (the default), session_activity, usage, access_audit, "
              + "record_keeping or personal_data.")
  private ReportType type = ReportType.SESSION_TRANSCRIPT;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "pdf, html, markdown, json or csv (default: by the extension of --output, else pdf).")
  private @Nullable ReportFormat format;

  @Option(names = "--from", paramLabel = "DAY", description = "First day, such as 2026-11-01.")
  private @Nullable LocalDate from;

  @Option(names = "--to", paramLabel = "DAY", description = "Last day.")
  private @Nullable LocalDate to;

  @Option(
      names = "--by",
      paramLabel = "COLUMN",
      description = "Groups usage by day (the default), user, agent, task, session, run or model.")
  private @Nullable GroupBy groupBy;

  @Option(names = "--user", paramLabel = "USER", description = "Only this user, usr_...")
  private @Nullable UserId user;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description = "Zone of times, such as Europe/Berlin (default: that of this machine).")
  private @Nullable String timeZone;

  @Option(names = "--template", paramLabel = "TEMPLATE", description = "Template, rtp_...")
  private @Nullable ReportTemplateId template;

  private volatile boolean interrupted;

  @Override
  int execute(AgentledgerClient service, ConsoleOutput output) {
    checkTarget();
    checkParameters();
    var reports = service.reports();
    var report = create(reports, output);
    var thread = Thread.currentThread();
    try (var progress = environment().errorOutput();
        var handler =
            new InterruptSignalHandler(
                () -> cancel(reports, report.id(), progress, thread), () -> {})) {
      var ended = reports.follow(report.id(), state -> show(progress, state));
      progress.startLine();
      return finish(reports, ended, output, progress);
    } catch (ServiceUnavailableException exception) {
      if (!interrupted) throw exception;
      return ExitCode.INTERRUPTED;
    }
  }

  private void checkParameters() {
    boolean isOfSession =
        type == ReportType.SESSION_TRANSCRIPT || type == ReportType.SESSION_ACTIVITY;
    if (isOfSession && session == null)
      throw invalid("SESSION is required for a report of type " + type.wireName() + ".");
    boolean isOfPeriod = !isOfSession && type != ReportType.PERSONAL_DATA;
    if (isOfPeriod && (from == null || to == null))
      throw invalid("--from and --to are required for a report of type " + type.wireName() + ".");
    if (format == null && target != null && hasOtherExtension(target))
      throw invalid("--output: " + target + " names no format of reports; name it by --format.");
    if (findFormat() == ReportFormat.CSV && !type.hasTable())
      throw invalid(
          (format == null ? "--output" : "--format")
              + ": csv is for session_activity, usage and access_audit only.");
  }

  private ReportView create(ReportsClient reports, ConsoleOutput output) {
    var report =
        reports.create(
            new ReportRequest(
                type, findFormat(), session, from, to, groupBy, user, findTimeZone(), template));
    try {
      checkTarget(report, output);
      return report;
    } catch (RuntimeException exception) {
      reports.delete(report.id());
      throw exception;
    }
  }

  private @Nullable ReportFormat findFormat() {
    if (format != null || target == null) return format;
    return EXTENSIONS.get(extensionOf(target));
  }

  private static boolean hasOtherExtension(Path file) {
    var extension = extensionOf(file);
    return !extension.isEmpty() && !EXTENSIONS.containsKey(extension);
  }

  /** Returns the letters after the last dot of the name, in lower case; empty without a dot. */
  private static String extensionOf(Path file) {
    var name = file.toString().toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    return dot <= name.lastIndexOf('/') + 1 ? "" : name.substring(dot + 1);
  }

  /** Returns null for a zone of this machine that has no name in the database of zones. */
  private @Nullable String findTimeZone() {
    var ofMachine = ZoneId.systemDefault().getId();
    return timeZone != null || !ZoneId.getAvailableZoneIds().contains(ofMachine)
        ? timeZone
        : ofMachine;
  }

  private static void show(ConsoleOutput progress, ReportView state) {
    if (!progress.isTerminal()) return;
    int filled = state.percent() * BAR_COLUMNS / 100;
    var stage = state.status().isFinal() || state.stage() == null ? "" : state.stage();
    var line =
        "█".repeat(filled)
            + "░".repeat(BAR_COLUMNS - filled)
            + " %3d %%  %s  ".formatted(state.percent(), state.status().wireName())
            + TerminalSanitizer.sanitizeLine(stage, STAGE_LENGTH_MAX);
    progress.showLive(List.of(new AttributedString(line).columnSubSequence(0, progress.width())));
  }

  private int finish(
      ReportsClient reports, ReportView report, ConsoleOutput output, ConsoleOutput errors) {
    if (report.status() == ReportStatus.COMPLETED) {
      save(reports, report, output);
      return ExitCode.OK;
    }
    if (interrupted) return ExitCode.INTERRUPTED;
    errors.printLine(TextStyle.ERROR, "agentledger: " + ReportCommands.outcome(report));
    return ExitCode.FAILED;
  }

  /** Cancels the report, and ends the download of one that has been completed before. */
  private void cancel(ReportsClient reports, ReportId report, ConsoleOutput errors, Thread thread) {
    interrupted = true;
    errors.printLine(TextStyle.WARNING, "! cancelling the report (Ctrl-C again exits immediately)");
    try {
      reports.cancel(report);
    } catch (ApiException | ServiceUnavailableException exception) {
      errors.printLine(
          TextStyle.ERROR, "! the report could not be cancelled: " + exception.getMessage());
    }
    thread.interrupt();
  }
}
