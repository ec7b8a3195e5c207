package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.runner.DiskUsageMonitor.UsageSample;
import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskUsageMonitorTest {
  @TempDir Path home;
  private RunDirectory runDirectory;

  @BeforeEach
  void openRunDirectory() throws IOException {
    runDirectory = RunDirectory.open(home);
  }

  @AfterEach
  void deleteRunDirectory() throws IOException {
    TreeDeleter.deleteTree(runDirectory.root()); // It may be outside of the home.
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5000000000 6000000000", "5000000000 17 60"})
  void fileOfAnotherVersionOrHalfAWriteAllowsNothing(String text) throws Exception {
    SessionPaths files = runDirectory.sessionPaths("ses_old", false);
    Files.writeString(files.base().resolve("over"), text);
    assertThat(UsageSample.readAllowed(files)).isEqualTo(UsageSample.ZERO);
  }

  @Test
  void writtenUsageIsAllowed() throws Exception {
    SessionPaths files = runDirectory.sessionPaths("ses_new", false);
    Files.writeString(files.base().resolve("over"), "50 1 60 2");
    UsageSample allowed = UsageSample.readAllowed(files);
    assertThat(allowed.workspace().bytes()).isEqualTo(50);
    assertThat(allowed.other().bytes()).isGreaterThanOrEqualTo(60);
  }
}
