package io.agentledger.client.cli;

import io.agentledger.api.report.ReportScheduleId;
import io.agentledger.api.report.ReportScheduleView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands about report schedules: {@code agentledger reports schedules}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class ReportScheduleCommands {
  private static final PageRequest PAGE = new PageRequest(PageRequest.LIMIT_MAX, null);
  private static final int NAME_MAX = 60;
  private static final int REASON_MAX = 300;

  private ReportScheduleCommands() {}

  /** {@code agentledger reports schedules}: lists schedules. */
  @Command(
      name = "schedules",
      description =
          "Lists your report schedules; shows, creates, changes, pauses, resumes and deletes"
              + " them.",
      subcommands = {
        ShowSchedule.class,
        CreateSchedule.class,
        ChangeSchedule.class,
        PauseSchedule.class,
        ResumeSchedule.class,
        DeleteSchedule.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Schedules extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var schedules = service.reports().schedules().list(PAGE).items();
      if (schedules.isEmpty()) output.printLine(TextStyle.DIM, "no report schedules");
      schedules.forEach(schedule -> print(schedule, output));
      return ExitCode.OK;
    }
  }

  /** Command about one schedule. */
  abstract static class ScheduleCommand extends ServiceCommand {
    @Parameters(paramLabel = "SCHEDULE", description = "rsc_...")
    ReportScheduleId schedule;
  }

  /** {@code agentledger reports schedules show}: prints a schedule as change takes it. */
  @Command(name = "show", description = "Prints a schedule as JSON, as change takes it.")
  static final class ShowSchedule extends ScheduleCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var view = service.reports().schedules().find(schedule);
      var body = new LinkedHashMap<String, Object>();
      body.put("name", view.name());
      body.put("expression", view.expression());
      body.put("time_zone", view.timeZone());
      body.put("type", view.type());
      body.put("format", view.format());
      body.put("period", view.period());
      body.put("session_id", view.sessionId());
      var groupBy = view.groupBy();
      body.put("group_by", groupBy == null ? null : groupBy.name().toLowerCase(Locale.ROOT));
      body.put("user_id", view.userId());
      body.put("template_id", view.templateId());
      body.values().removeIf(value -> value == null);
      RequestFileCommand.printBody(body, output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger reports schedules create}: creates a schedule from a file. */
  @Command(name = "create", description = "Creates a schedule from a file.")
  static final class CreateSchedule extends RequestFileCommand {
    @Parameters(paramLabel = "FILE", description = "JSON, as for POST /api/v1/report-schedules.")
    private Path file;

    @Override
    Path file() {
      return file;
    }

    @Override
    void send(AgentledgerClient service, String body, ConsoleOutput output) {
      print(service.reports().schedules().create(body), output);
    }
  }

  /** {@code agentledger reports schedules change}: replaces a schedule. */
  @Command(name = "change", description = "Replaces a schedule by that of a file.")
  static final class ChangeSchedule extends RequestFileCommand {
    @Parameters(index = "0", paramLabel = "SCHEDULE", description = "rsc_...")
    private ReportScheduleId schedule;

    @Parameters(
        index = "1",
        paramLabel = "FILE",
        description = "JSON, as for PUT /api/v1/report-schedules/{id}.")
    private Path file;

    @Override
    Path file() {
      return file;
    }

    @Override
    void send(AgentledgerClient service, String body, ConsoleOutput output) {
      var schedules = service.reports().schedules();
      print(schedules.change(schedule, body, schedules.find(schedule).version()), output);
    }
  }

  /** {@code agentledger reports schedules pause}: pauses a schedule. */
  @Command(name = "pause", description = "Pauses a schedule: it requests no more reports.")
  static final class PauseSchedule extends ScheduleCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.reports().schedules().pause(schedule), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger reports schedules resume}: continues a schedule. */
  @Command(name = "resume", description = "Continues a schedule from its next time on.")
  static final class ResumeSchedule extends ScheduleCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      print(service.reports().schedules().resume(schedule), output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger reports schedules delete}: deletes a schedule. */
  @Command(name = "delete", description = "Deletes a schedule; its reports stay.")
  static final class DeleteSchedule extends ScheduleCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.reports().schedules().delete(schedule);
      output.printLine(schedule + " is deleted");
      return ExitCode.OK;
    }
  }

  private static void print(ReportScheduleView schedule, ConsoleOutput output) {
    output.printLine(
        "%s  %-18s  %s · %s (%s) · %s"
            .formatted(
                schedule.id(),
                schedule.type().wireName(),
                TerminalSanitizer.sanitizeLine(schedule.name(), NAME_MAX),
                schedule.expression(),
                schedule.timeZone(),
                schedule.paused() ? "paused" : "next " + schedule.nextAt()));
    var reason = schedule.pauseReason();
    if (reason != null)
      output.printLine(
          TextStyle.WARNING, "  ! " + TerminalSanitizer.sanitizeLine(reason, REASON_MAX));
  }
}
