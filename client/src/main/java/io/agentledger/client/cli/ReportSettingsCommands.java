package io.agentledger.client.cli;

import io.agentledger.api.report.ReportSettingsView;
import io.agentledger.client.AgentledgerClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands about the report settings of the tenant: {@code agentledger reports settings}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class ReportSettingsCommands {
  private ReportSettingsCommands() {}

  /** {@code agentledger reports settings}: prints the settings as change takes them. */
  @Command(
      name = "settings",
      description =
          "Prints the report settings of the tenant as JSON, as change takes them; changes and"
              + " resets them.",
      subcommands = {ChangeSettings.class, ResetSettings.class},
      synopsisSubcommandLabel = "[COMMAND]")
  static final class ShowSettings extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var settings = service.reports().settings();
      RequestFileCommand.printBody(toBody(settings, output.isTerminal()), output);
      return ExitCode.OK;
    }
  }

  /** Returns the body that sets the settings; a terminal shows the size of a logo only. */
  private static Map<String, Object> toBody(ReportSettingsView settings, boolean isTerminal) {
    var body = new LinkedHashMap<String, Object>();
    body.put("organization", settings.organization());
    body.put("footer", settings.footer());
    body.put("accent_color", settings.accentColor());
    var logo = settings.logo();
    if (logo != null)
      body.put(
          "logo",
          isTerminal ? logo.mediaType() + ", " + ConsoleFormat.size(logo.bytes().length) : logo);
    body.put("retention", settings.retention());
    return body;
  }

  /** {@code agentledger reports settings change}: replaces the settings. */
  @Command(
      name = "change",
      description = "Replaces the settings; what the file omits gets its default.")
  static final class ChangeSettings extends RequestFileCommand {
    @Parameters(paramLabel = "FILE", description = "JSON, as for PUT /api/v1/report-settings.")
    private Path file;

    @Override
    Path file() {
      return file;
    }

    @Override
    void send(AgentledgerClient service, String body, ConsoleOutput output) {
      var reports = service.reports();
      var changed = reports.changeSettings(body, reports.settings().version());
      output.printLine("report settings · version " + changed.version());
    }
  }

  /** {@code agentledger reports settings reset}: restores the defaults. */
  @Command(name = "reset", description = "Restores the default settings.")
  static final class ResetSettings extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.reports().resetSettings();
      output.printLine("the report settings are the defaults");
      return ExitCode.OK;
    }
  }
}
