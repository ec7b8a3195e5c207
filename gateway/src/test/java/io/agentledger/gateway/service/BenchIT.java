package io.agentledger.gateway.service;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.client.bench.BenchRow;
import io.agentledger.client.bench.Benchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command {@code agentledger bench} with a real service, which it starts and removes: every row
 * stays within limits that are generous, because the JVM is young and other tests use the
 * processors.
 */
@Timeout(1200)
class BenchIT {
  /** Of the ratio to the floor if there is one, otherwise of our own value; of lags always. */
  private static final List<Limit> LIMITS =
      List.of(
          atMost("memory", "anonymous RSS", 1_000),
          atLeast("rename", "commands", 0.008),
          atMost("rename", "service CPU", 200),
          atMost("rename", "PostgreSQL CPU", 80),
          atLeast("mix", "answered", 50),
          atMost("mix", "CPU per request", 12),
          atMost("event", "p50", 200),
          atMost("fan-out", "CPU of a delivery", 200),
          atMost("fan-out", "lag p99", 2_000),
          atMost("first-text", "p50", 12),
          atMost("run", "CPU", 12),
          atMost("run", "transactions", 80),
          atMost("run", "syncs of the log", 40),
          atMost("long-session", "p50", 3),
          atMost("new-session", "one request", 0.8),
          atMost("many-sessions", "all CPU", 6),
          atMost("busy", "GET p95", 20),
          atMost("idle", "CPU", 60),
          atMost("idle", "transactions", 20),
          atLeast("replay", "sessions", 0.01),
          atLeast("replay", "all", 0.001),
          atMost("start", "ready", 2),
          atMost("start", "CPU until ready", 2));

  @TempDir Path folder;

  /** Limit of the measurement whose name begins so. */
  private record Limit(String row, String name, boolean atLeast, double limit) {
    boolean concerns(JsonNode measurement) {
      return measurement.path("row").asString().equals(row)
          && measurement.path("name").asString().startsWith(name);
    }

    boolean holds(JsonNode measurement) {
      boolean hasRatio = measurement.has("ratio") && !name.startsWith("lag");
      double value = measurement.path(hasRatio ? "ratio" : "ours").asDouble();
      return atLeast ? value >= limit : value <= limit;
    }
  }

  private static Limit atMost(String row, String name, double limit) {
    return new Limit(row, name, false, limit);
  }

  private static Limit atLeast(String row, String name, double limit) {
    return new Limit(row, name, true, limit);
  }

  @Test
  void rowsKeepGenerousLimitsAndNothingIsLeft() throws Exception {
    var rows = EnumSet.complementOf(EnumSet.of(BenchRow.TASKS));
    Path profiles = folder.resolve("profiles");
    var benchmark = new Benchmark(launcher().toString(), "test", folder, true, rows, profiles);
    var report = benchmark.run(label -> {});
    assertThat(report.toLines()).anyMatch(line -> line.matches("rename +commands .*x0\\.150"));
    var measured = new JsonMapper().readTree(report.toJson()).path("rows");
    for (Limit limit : LIMITS)
      assertThat(measured.valueStream().filter(limit::concerns))
          .as(limit.toString())
          .hasSize(1)
          .allMatch(limit::holds);
    assertThat(measured.valueStream()).allMatch(row -> row.path("ours").asDouble() > 0);
    assertThat(profiles.resolve("run.svg")).content().contains("io.agentledger.");
    assertThat(folder).isDirectoryNotContaining(file -> file.toString().contains("bench"));
    await().atMost(Duration.ofSeconds(60)).until(() -> remaining().isEmpty());
  }

  /** Returns the command lines of processes that work in the test's directory. */
  private List<String> remaining() {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(line -> line.contains(folder.toString()))
        .toList();
  }

  /** Runs the service in the foreground, as {@code agentledger serve} does. */
  private Path launcher() throws Exception {
    String command =
        ServiceProcess.commandLine().stream().map(word -> "'" + word + "'").collect(joining(" "));
    Path launcher = folder.resolve("launcher");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexport CLAUDE_CLI_PATH='" + ClaudeBinary.path() + "'\nexec " + command + "\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    return launcher;
  }
}
