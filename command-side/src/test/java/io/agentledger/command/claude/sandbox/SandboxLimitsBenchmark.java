package io.agentledger.command.claude.sandbox;

import io.agentledger.command.claude.host.TreeDeleter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures the cost of limits at the start of an empty sandbox; the baseline is the same sandbox
 * without them. Both alternate; medians of {@code -Dbounds.rounds} (60).
 */
class SandboxLimitsBenchmark {
  private static final int ROUNDS = Integer.getInteger("bounds.rounds", 60);
  private static final Path TOOL =
      Path.of("src/main/resources/io/agentledger/command/claude/sandbox/seal-mounts");
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
        List<String> bounded =
            sandbox.command(session, name, List.of("/run/commands/usr/bin/true"));
        millis[2][round] = (System.nanoTime() - startedNanos) / NANOS_PER_MILLI + millis(bounded);
        sandbox.resourceLimiter().release(name);
      }
      System.out.printf(
          Locale.ROOT, "a command in its box %.1f ms%n", commandMillis(sandbox, session));
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

  /** Starts a command as the CLI does: by its shell, with the prefix before the command. */
  private static double commandMillis(Sandbox sandbox, SessionPaths session) throws Exception {
    String command = "/bin/bash -c \"/opt/agentledger/shell-sandbox 'true'\" || exit 1; ";
    List<String> shell = Files.exists(TOOL) ? List.of("/run/commands/bin/sh") : List.of("sh");
    double[] millis = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double few = millis(command(sandbox, session, shell, command));
      millis[round] = (millis(command(sandbox, session, shell, command.repeat(11))) - few) / 10;
    }
    return median(millis);
  }

  private static List<String> command(
      Sandbox sandbox, SessionPaths session, List<String> shell, String text) throws IOException {
    List<String> inner = new ArrayList<>(shell);
    inner.addAll(List.of("-c", text));
    List<String> line = new ArrayList<>(sandbox.command(session, inner));
    line.set(1, "");
    return line;
  }

  private static List<String> ungrouped(Sandbox sandbox, SessionPaths session) throws IOException {
    List<String> line =
        new ArrayList<>(sandbox.command(session, List.of("/run/commands/usr/bin/true")));
    line.set(1, "");
    return line;
  }

  private static List<String> plainCommand(Sandbox sandbox, SessionPaths session)
      throws IOException {
    List<String> line = ungrouped(sandbox, session);
    String arguments = Files.readString(Path.of(line.get(3)));
    line.subList(0, 4).clear();
    // Removes the argument whose descriptor would otherwise be opened.
    int given = line.indexOf("--args");
    line.subList(given, given + 2).clear();
    line.addAll(given, List.of(arguments.split("\0")));
    int filter = line.indexOf("--seccomp");
    line.subList(filter, filter + 2).clear();
    int limits = line.indexOf("prlimit");
    line.subList(limits, limits + sandbox.resourceLimiter().limitPrefix().size()).clear();
    return line;
  }

  private static double millis(List<String> line) throws Exception {
    var builder = new ProcessBuilder(line).inheritIO();
    builder.environment().clear();
    builder.environment().put("PATH", Sandbox.PATH);
    builder.environment().put("HOME", "/home/agent");
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
