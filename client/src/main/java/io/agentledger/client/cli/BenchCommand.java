package io.agentledger.client.cli;

import io.agentledger.client.bench.BenchRow;
import io.agentledger.client.bench.Benchmark;
import io.agentledger.client.support.ServiceUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code agentledger bench}: measures this build against its floors, with a service of its own. The
 * exit status does not depend on the numbers.
 */
@Command(
    name = "bench",
    description = "Measures this build against its floors, with a service of its own.")
@SuppressWarnings("NullAway.Init")
final class BenchCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  @Spec private CommandSpec spec;

  @Option(names = "--quick", description = "Short rounds: shows that it works; wide spread.")
  private boolean quick;

  @Option(names = "--json", description = "Prints JSON, with the numbers of every round.")
  private boolean json;

  @Option(
      names = "--profile",
      paramLabel = "DIRECTORY",
      description = "Writes a flame graph of each row to a directory; the numbers are worse then.")
  private @Nullable Path profiles;

  @Option(
      names = "--row",
      paramLabel = "NAME",
      split = ",",
      description = "Measures these rows only. Rows: ${COMPLETION-CANDIDATES}.",
      completionCandidates = RowNames.class)
  private List<BenchRow> rows = List.of();

  BenchCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  /** Names of the rows, for the help and for completion. */
  static final class RowNames extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    RowNames() {
      for (BenchRow row : BenchRow.values()) add(row.label());
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    String launcher = environment.variables().get(CliEnvironment.LAUNCHER_VARIABLE);
    if (launcher == null)
      throw new ServiceUnavailableException("bench needs the script agentledger; use that.");
    String revision = environment.variables().getOrDefault("AGENTLEDGER_REVISION", "unknown");
    String temporary = System.getProperty("java.io.tmpdir");
    String chosen = environment.variables().getOrDefault("TMPDIR", "");
    Path parent = Path.of(chosen.isEmpty() ? temporary : chosen);
    requireWritable(parent, "TMPDIR");
    if (profiles != null) createDirectory(profiles);
    try (var output = environment.standardOutput();
        var progress = environment.errorOutput()) {
      var report =
          new Benchmark(launcher, revision, parent, quick, Set.copyOf(rows), profiles)
              .run(label -> progress.printLine(TextStyle.DIM, label));
      if (json) output.printLine(report.toJson());
      else report.toLines().forEach(output::printLine);
      return ExitCode.OK;
    }
  }

  private void createDirectory(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException refused) {
      // The check names it.
    }
    requireWritable(directory, "--profile");
  }

  private void requireWritable(Path directory, String setting) {
    if (!Files.isDirectory(directory) || !Files.isWritable(directory))
      throw new ParameterException(
          spec.commandLine(), "%s must be a writable directory: %s".formatted(setting, directory));
  }
}
