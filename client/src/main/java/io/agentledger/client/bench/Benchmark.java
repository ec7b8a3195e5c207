package io.agentledger.client.bench;

import io.agentledger.client.support.ServiceUnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Benchmark of a build: starts a service for itself, measures rows and their floors alternately,
 * and removes what it has created, also when the program is interrupted.
 *
 * @param launcher the script {@code agentledger}
 * @param revision digest of the build's sources, which the launcher runs whatever they are by now
 * @param parent directory in which a directory is created, and deleted at the end
 * @param rows in the order of their declaration; all of them if empty
 * @param profiles directory for a flame graph of each row but the start; null for none
 */
public record Benchmark(
    String launcher,
    String revision,
    Path parent,
    boolean quick,
    Set<BenchRow> rows,
    @Nullable Path profiles) {
  /**
   * Runs the rows.
   *
   * @param progress receives what is being measured
   */
  public BenchReport run(Consumer<String> progress) throws InterruptedException {
    try {
      String unique = Long.toUnsignedString(new SecureRandom().nextLong()); // Short for sockets.
      Path directory = parent.toRealPath().resolve("agentledger-bench" + unique);
      return runInDirectory(directory, progress);
    } catch (InterruptedException | RuntimeException exception) {
      throw exception;
    } catch (Exception exception) {
      throw new ServiceUnavailableException("The benchmark has failed: " + exception, exception);
    }
  }

  private BenchReport runInDirectory(Path directory, Consumer<String> progress) throws Exception {
    try (BenchService service = new BenchService(launcher, directory)) {
      // Before the directory exists, so that it is deleted whenever the program is interrupted.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(service), "clean-up"));
      Files.createDirectory(directory);
      // The uids of sessions must be able to traverse it.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
      return runWith(service, directory, progress);
    }
  }

  private BenchReport runWith(BenchService service, Path directory, Consumer<String> progress)
      throws Exception {
    String loadBefore = Machine.load();
    try (StandInModel model = new StandInModel()) {
      progress.accept("starting a service");
      service.start(settings(model));
      var context = new BenchContext(service, model, directory, quick, progress);
      List<Measurement> measurements = new ArrayList<>();
      for (BenchRow row : rows.isEmpty() ? EnumSet.allOf(BenchRow.class) : EnumSet.copyOf(rows)) {
        progress.accept("measuring " + row.label());
        List<Measurement> measured = measure(row, context);
        measured.forEach(measurement -> progress.accept(BenchReport.toLine(measurement)));
        measurements.addAll(measured);
      }
      return new BenchReport(
          Instant.now().truncatedTo(ChronoUnit.SECONDS),
          Machine.detect(directory),
          revision,
          quick,
          loadBefore,
          Machine.load(),
          measurements);
    }
  }

  private List<Measurement> measure(BenchRow row, BenchContext context)
      throws InterruptedException {
    try {
      return measureProfiled(row, context);
    } catch (InterruptedException exception) {
      throw exception;
    } catch (Exception exception) {
      if (context.service().isClosed()) throw new InterruptedException();
      throw new ServiceUnavailableException(
          "The row " + row.label() + " has failed: " + exception + context.service().describeEnd(),
          exception);
    }
  }

  private List<Measurement> measureProfiled(BenchRow row, BenchContext context) throws Exception {
    if (profiles == null || row == BenchRow.START) return row.measure(context);
    Files.createDirectories(profiles);
    Profiler profiler = new Profiler(context.service().pid(), context.directory());
    profiler.start();
    List<Measurement> measurements = row.measure(context);
    profiler.stop(row.label() + ", build " + revision, profiles.resolve(row.label() + ".svg"));
    return measurements;
  }

  private static void closeQuietly(BenchService service) {
    try {
      service.close();
    } catch (InterruptedException | RuntimeException exception) {
      System.err.println("agentledger: " + exception.getMessage());
    }
  }

  private Map<String, String> settings(StandInModel model) {
    return Map.of(
        "AGENTLEDGER_BUILD",
        revision,
        "AGENTLEDGER_MODEL_UPSTREAM",
        "anthropic",
        "AGENTLEDGER_MODEL_BASE_URL",
        model.url(),
        "ANTHROPIC_API_KEY",
        "held-by-the-benchmark");
  }
}
