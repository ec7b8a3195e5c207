package io.agentledger.client.cli;

import io.agentledger.api.audit.AuditChange;
import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.ExportFormat;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.audit.AuditClient.AuditSelection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code agentledger audit}: lists or exports the access audit. */
@Command(name = "audit", description = "Lists who did what, newest first, and what was changed.")
final class AuditCommand extends ServiceCommand {
  private static final OptionRange LIMIT = new OptionRange("--limit", 1, PageRequest.LIMIT_MAX);
  private static final int LINE_LENGTH_MAX = 200;

  @Option(names = "--changes", description = "Only changes of configuration.")
  private boolean changes;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only entries from this time on, such as 2026-11-01T00:00:00Z.")
  private @Nullable String since;

  @Option(names = "--to", paramLabel = "TIME", description = "Only entries before this time.")
  private @Nullable String to;

  @Option(
      names = "--resource",
      paramLabel = "ID",
      description = "Only entries about this resource.")
  private @Nullable String resourceId;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Only entries about resources of this type, such as agent.")
  private @Nullable String resourceType;

  @Option(
      names = "--action",
      paramLabel = "NAME",
      description = "Only entries with this action, such as HookCreated.")
  private @Nullable String action;

  @Option(names = "--actor", paramLabel = "ID", description = "Only actions of this user or agent.")
  private @Nullable String actor;

  @Option(names = "--outcome", paramLabel = "NAME", description = "succeeded or denied.")
  private @Nullable String outcome;

  @Option(
      names = "--request",
      paramLabel = "ID",
      description = "Only entries of the request with this id.")
  private @Nullable String requestId;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "Maximum number of listed entries (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--export",
      paramLabel = "FILE",
      description =
          "Writes all entries to this file, which must not exist, or - to standard output.")
  private @Nullable Path target;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "Format of the file: ndjson, csv or ocsf (default: ndjson).")
  private @Nullable ExportFormat format;

  @Override
  int execute(AgentledgerClient service, ConsoleOutput output) {
    LIMIT.check(spec, limit);
    if (format != null && target == null) throw invalid("--format is for --export");
    if (target != null && spec.commandLine().getParseResult().hasMatchedOption("--limit"))
      throw invalid("--limit is for the list; --export writes all entries");
    var selection =
        new AuditSelection(
            changes, since, resourceId, action, actor, resourceType, to, outcome, requestId);
    if (target != null) {
      if (!target.equals(STANDARD_OUTPUT)) checkNew("--export", target); // An export is recorded.
      var chosen = format == null ? ExportFormat.NDJSON : format;
      try (var entries = service.audit().export(chosen, selection)) {
        if (target.equals(STANDARD_OUTPUT)) copyToStandardOutput(entries, output);
        else copyToFile(entries, "--export", target);
        return ExitCode.OK;
      } catch (IOException exception) {
        throw copyFailed(exception);
      }
    }
    var entries = service.audit().list(selection, limit).items();
    if (entries.isEmpty()) output.printLine(TextStyle.DIM, "no entries");
    entries.forEach(entry -> print(output, entry));
    return ExitCode.OK;
  }

  private static void print(ConsoleOutput output, AuditView entry) {
    String times = entry.count() == 1 ? "" : " (" + entry.count() + " times)";
    String actor = entry.actor() == null ? "anonymous" : entry.actor();
    output.printLine(
        Stream.of(entry.at().toString(), actor, entry.action() + times, entry.resourceId())
            .map(text -> TerminalSanitizer.sanitizeLine(text, LINE_LENGTH_MAX))
            .collect(Collectors.joining("  ")));
    for (var change : entry.changes())
      output.printLine(
          TextStyle.DIM, "  " + TerminalSanitizer.sanitizeLine(toLine(change), LINE_LENGTH_MAX));
    if (entry.changesOmitted() > 0)
      output.printLine(TextStyle.DIM, "  and %d more".formatted(entry.changesOmitted()));
  }

  private static String toLine(AuditChange change) {
    var values = toText(change.before()) + " -> " + toText(change.after());
    if (!change.withheld()) return change.field() + ": " + values;
    boolean isShown = change.before() != null || change.after() != null;
    return change.field() + ": " + (isShown ? values + " (in part)" : "(not shown)");
  }

  private static String toText(@Nullable Json value) {
    return value == null ? "none" : value.text();
  }
}
