package io.agentledger.client.cli;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code agentledger templates}: lists templates of sessions. */
@Command(name = "templates", description = "Lists templates of sessions, most used first.")
final class TemplatesCommand extends ServiceCommand {
  private static final PageRequest PAGE = new PageRequest(PageRequest.LIMIT_DEFAULT, null);
  private static final int NAME_MAX = 60;

  @Option(names = "--category", paramLabel = "NAME", description = "Only those of this category.")
  private @Nullable String category;

  @Override
  int execute(AgentledgerClient service, ConsoleOutput output) {
    var templates = service.templates().list(category, PAGE).items();
    if (templates.isEmpty()) output.printLine(TextStyle.DIM, "no templates");
    for (var template : templates)
      output.printLine(
          "%s  %s · version %d · %s%s"
              .formatted(
                  template.id(),
                  TerminalSanitizer.sanitizeLine(template.name(), NAME_MAX),
                  template.version(),
                  ConsoleFormat.count(template.uses(), "use"),
                  template.category().isEmpty()
                      ? ""
                      : " · " + TerminalSanitizer.sanitizeLine(template.category(), NAME_MAX)));
    return ExitCode.OK;
  }
}
