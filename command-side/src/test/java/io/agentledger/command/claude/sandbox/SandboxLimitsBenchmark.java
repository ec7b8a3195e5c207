package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.TreeDeleter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What bounds add to the start of a box, in which nothing is done; the floor is the same box
 * without them. In turns, medians of {@code -Dbounds.rounds} (60).
 */
class SandboxLimitsBenchmark {
  private static final int ROUNDS = Integer.getInteger("bounds.rounds", 60);
  private static final double NANOS_PER_MILLI = 1e6;

  @TempDir Path home;

  @Test
  void measuresTheOverheadOfLimitsAtSandboxStart() throws Exception {
    RunDirectory runDirectory = RunDirectory.open(home);
    CliInstallation cli = CliInstallation.find(Optional.empty(), Path.of("..").toRealPath());
    try (Sandbox sandbox =
        Sandbox.open(runDirectory, cli.installTo(runDirectory.cli()), Optional.empty())) {
      SessionPaths session = runDirectory.sessionPaths("ses_bench", sandbox.ownUids());
      double[][] millis = new double[3][ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        millis[0][round] = millis(plainCommand(sandbox, session));
        millis[1][round] = millis(ungrouped(sandbox, session));
        long startedNanos = System.nanoTime();
        String name = "bench-" + round;
        List<String> bounded = sandbox.command(session, name, List.of("true"));
        millis[2][round] = (System.nanoTime() - startedNanos) / NANOS_PER_MILLI + millis(bounded);
        sandbox.resourceLimiter().release(name);
      }
      System.out.printf(
          Locale.ROOT,
          "box %.1f ms; with rlimits and filter %.1f ms; with control groups, too, %.1f ms%n",
          median(millis[0]),
          median(millis[1]),
          median(millis[2]));
    } finally {
      TreeDeleter.deleteTree(runDirectory.root());
    }
  }

  private static List<String> ungrouped(Sandbox sandbox, SessionPaths session) throws IOException {
    List<String> line = new ArrayList<>(sandbox.command(session, List.of("true")));
    line.set(1, "");
    return line;
  }

  private static List<String> plainCommand(Sandbox sandbox, SessionPaths session)
      throws IOException {
    List<String> line = ungrouped(sandbox, session);
    line.subList(0, 3).clear();
    int filter = line.indexOf("--seccomp");
    line.subList(filter, filter + 2).clear();
    int end = line.size() - 1;
    line.subList(end - sandbox.resourceLimiter().limitPrefix().size(), end).clear();
    return line;
  }

  private static double millis(List<String> line) throws Exception {
    var builder = new ProcessBuilder(line).inheritIO();
    builder.environment().clear();
    builder.environment().put("PATH", Sandbox.PATH);
    long startedNanos = System.nanoTime();
    int status = builder.start().waitFor();
    long ended = System.nanoTime();
    if (status != 0) {
      throw new IOException("status " + status + " of " + line);
    }
    return (ended - startedNanos) / NANOS_PER_MILLI;
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
