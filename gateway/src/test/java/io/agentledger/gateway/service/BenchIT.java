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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command {@code agentledger bench} with a real service, which it starts and removes. */
@Tag("exhaustive")
@Timeout(600)
class BenchIT {
  @TempDir Path folder;

  @Test
  void rowsAreMeasuredAndNothingIsLeft() throws Exception {
    var chosen = EnumSet.of(BenchRow.FIRST_TEXT, BenchRow.RENAME);
    var benchmark = new Benchmark(launcher().toString(), "test", folder, true, chosen, null);
    var report = benchmark.run(label -> {});
    assertThat(report.toLines()).anyMatch(line -> line.matches("rename +commands .*x0\\.150"));
    JsonNode rows = new JsonMapper().readTree(report.toJson()).path("rows");
    assertThat(rows.valueStream().map(row -> row.path("name").asString()))
        .containsExactly("commands", "service CPU", "PostgreSQL CPU", "p50", "p95");
    assertThat(rows.valueStream()).allMatch(row -> row.path("ours").asDouble() > 0);
    assertThat(rows.path(0).path("floor").asDouble()).isPositive();
    assertThat(rows.path(0).path("ratio").asDouble()).isBetween(0.0001, 2.0);
    assertThat(rows.path(3).path("floor").asDouble()).isPositive();
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
