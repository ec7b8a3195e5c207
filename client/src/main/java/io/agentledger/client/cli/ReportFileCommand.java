package io.agentledger.client.cli;

import io.agentledger.api.report.ReportFormat;
import io.agentledger.api.report.ReportView;
import io.agentledger.client.report.ReportsClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Command that stores the file of a report, and prints its path. */
abstract class ReportFileCommand extends ServiceCommand {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Writes to this file, - to standard output (default: a name by its type).")
  @Nullable Path target;

  @Option(names = "--force", description = "Replaces the file if it exists.")
  private boolean force;

  /** Fails as a usage error if the named file cannot be written. */
  final void checkTarget() {
    if (target != null && !target.equals(STANDARD_OUTPUT)) check(target);
  }

  /** Fails as a usage error if the file of the report cannot be written. */
  final void checkTarget(ReportView report, ConsoleOutput output) {
    if (target == null) check(Path.of(report.fileName()));
    else if (target.equals(STANDARD_OUTPUT)
        && output.isTerminal()
        && report.format() == ReportFormat.PDF)
      throw invalid("--output -: a PDF cannot be shown on a terminal; redirect it to a file.");
  }

  private void check(Path path) {
    checkFolder("--output", path);
    var file = environment().workingDirectory().resolve(path);
    if (!Files.exists(file)) return;
    if (!Files.isRegularFile(file)) throw invalid("--output: " + path + " is not a file.");
    if (!force) throw invalid("There is a file " + path + " already; --force replaces it.");
  }

  /** Downloads a completed report. */
  final void save(ReportsClient reports, ReportView report, ConsoleOutput output) {
    try {
      if (STANDARD_OUTPUT.equals(target)) {
        print(reports, report, output);
        return;
      }
      var path = target == null ? Path.of(report.fileName()) : target;
      var options =
          force ? new CopyOption[] {StandardCopyOption.REPLACE_EXISTING} : new CopyOption[0];
      writeFile("--output", path, file -> reports.download(report, realPath(file), options));
      output.printLine(path.toString());
    } catch (IOException exception) {
      throw copyFailed(exception);
    }
  }

  /** Writes the file to standard output; a terminal shows it without its control characters. */
  private void print(ReportsClient reports, ReportView report, ConsoleOutput output)
      throws IOException {
    if (output.isTerminal()) {
      var text = new ByteArrayOutputStream();
      reports.download(report, text);
      output.print(TextStyle.PLAIN, text.toString(StandardCharsets.UTF_8));
      output.startLine();
    } else {
      reports.download(report, environment().out());
      environment().out().flush();
    }
  }

  /** Returns the file that a link names, so that it is replaced and not the link. */
  private static Path realPath(Path file) throws IOException {
    return Files.exists(file) ? file.toRealPath() : file;
  }
}
