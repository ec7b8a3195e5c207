package io.agentledger.command.claude.runner;

import static java.time.Instant.now;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.store.NodeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnattendedProcessesTest {
  private static final Duration LONG = Duration.ofMinutes(4);

  @TempDir Path parent;

  @Test
  void openedHomeKeepsItsProcessesAliveUntilTheirLeasesMayRunOut() throws IOException {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
    Path processes = RunDirectory.open(parent.resolve("h")).sessions().resolve("ses_1/run");
    Path leased = process(processes, "prc_1", Duration.ofMinutes(1));
    Path expiring = process(processes, "prc_2", Duration.ofMinutes(3));
    Files.createDirectories(processes.resolve("prc_3")); // Of an older version, or incomplete.
    Instant start = now().minusSeconds(1);

    try (NodeHome home = NodeHome.of(parent.resolve("h"));
        UnattendedProcesses unattended = new UnattendedProcesses()) {
      unattended.onHomeOpened(home);

      assertThat(beat(leased)).isAfter(start);
      assertThat(beat(expiring)).isBefore(start);
      assertThat(processes.resolve("prc_3")).isEmptyDirectory();
    }
  }

  private static Path process(Path processes, String name, Duration leaseAge) throws IOException {
    Path directory = Files.createDirectories(processes.resolve(name));
    age(Files.createFile(directory.resolve("beat")), LONG);
    age(Files.createFile(directory.resolve("leased")), leaseAge);
    return directory;
  }

  private static void age(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(now().minus(age)));
  }

  private static Instant beat(Path process) throws IOException {
    return Files.getLastModifiedTime(process.resolve("beat")).toInstant();
  }
}
