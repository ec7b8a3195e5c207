package io.agentledger.client.cli;

import io.agentledger.api.report.ReportTemplateId;
import io.agentledger.api.report.ReportTemplateView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Commands about report templates: {@code agentledger reports templates}. */
@SuppressWarnings("NullAway.Init") // picocli sets the parameters before it calls.
final class ReportTemplateCommands {
  private static final PageRequest PAGE = new PageRequest(PageRequest.LIMIT_MAX, null);
  private static final int NAME_MAX = 60;

  private ReportTemplateCommands() {}

  /** {@code agentledger reports templates}: lists templates. */
  @Command(
      name = "templates",
      description = "Lists report templates; shows, creates, changes, previews and archives them.",
      subcommands = {
        ShowTemplate.class,
        CreateTemplate.class,
        ChangeTemplate.class,
        PreviewTemplate.class,
        ArchiveTemplate.class
      },
      synopsisSubcommandLabel = "[COMMAND]")
  static final class Templates extends ServiceCommand {
    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var templates = service.reports().templates().list(PAGE).items();
      if (templates.isEmpty()) output.printLine(TextStyle.DIM, "no report templates");
      templates.forEach(template -> print(template, output));
      return ExitCode.OK;
    }
  }

  /** {@code agentledger reports templates show}: prints a template as change takes it. */
  @Command(name = "show", description = "Prints a template as JSON, as change takes it.")
  static final class ShowTemplate extends ServiceCommand {
    @Parameters(paramLabel = "TEMPLATE", description = "rtp_...")
    private ReportTemplateId template;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      var view = service.reports().templates().find(template);
      var body = new LinkedHashMap<String, Object>();
      body.put("name", view.name());
      body.put("type", view.type());
      body.put("introduction", view.introduction());
      body.put("closing", view.closing());
      body.put("sections", view.sections());
      RequestFileCommand.printBody(body, output);
      return ExitCode.OK;
    }
  }

  /** {@code agentledger reports templates create}: creates a template from a file. */
  @Command(name = "create", description = "Creates a template from a file.")
  static final class CreateTemplate extends RequestFileCommand {
    @Parameters(paramLabel = "FILE", description = "JSON, as for POST /api/v1/report-templates.")
    private Path file;

    @Override
    Path file() {
      return file;
    }

    @Override
    void send(AgentledgerClient service, String body, ConsoleOutput output) {
      print(service.reports().templates().create(body), output);
    }
  }

  /** {@code agentledger reports templates change}: creates the next version of a template. */
  @Command(
      name = "change",
      description = "Creates the next version of a template from a file; reports keep theirs.")
  static final class ChangeTemplate extends RequestFileCommand {
    @Parameters(index = "0", paramLabel = "TEMPLATE", description = "rtp_...")
    private ReportTemplateId template;

    @Parameters(
        index = "1",
        paramLabel = "FILE",
        description = "JSON, as for PUT /api/v1/report-templates/{id}.")
    private Path file;

    @Override
    Path file() {
      return file;
    }

    @Override
    void send(AgentledgerClient service, String body, ConsoleOutput output) {
      var templates = service.reports().templates();
      print(templates.change(template, body, templates.find(template).version()), output);
    }
  }

  /** {@code agentledger reports templates preview}: prints a page of HTML. */
  @Command(
      name = "preview",
      description = "Prints a template with sample facts as HTML, and saves nothing.")
  static final class PreviewTemplate extends RequestFileCommand {
    @Parameters(paramLabel = "FILE", description = "JSON, as for POST /api/v1/report-templates.")
    private Path file;

    @Override
    Path file() {
      return file;
    }

    @Override
    void send(AgentledgerClient service, String body, ConsoleOutput output) {
      output.printLine(service.reports().templates().preview(body));
    }
  }

  /** {@code agentledger reports templates archive}: archives a template. */
  @Command(name = "archive", description = "Archives a template; reports and schedules keep it.")
  static final class ArchiveTemplate extends ServiceCommand {
    @Parameters(paramLabel = "TEMPLATE", description = "rtp_...")
    private ReportTemplateId template;

    @Override
    int execute(AgentledgerClient service, ConsoleOutput output) {
      service.reports().templates().archive(template);
      output.printLine(template + " is archived");
      return ExitCode.OK;
    }
  }

  private static void print(ReportTemplateView template, ConsoleOutput output) {
    output.printLine(
        "%s  %-18s  %s · version %d"
            .formatted(
                template.id(),
                template.type().wireName(),
                TerminalSanitizer.sanitizeLine(template.name(), NAME_MAX),
                template.version()));
  }
}
