package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliInstallationTest {
  @TempDir Path directory;
  private Path cli;
  private Path calls;

  @BeforeEach
  void createCli() throws IOException {
    cli = directory.resolve("claude");
    calls = directory.resolve("calls");
    write(CliInstallation.VERSION);
  }

  @Test
  void versionIsAskedOnceForAnInstalledFile() throws IOException {
    CliInstallation first = install();
    assertThat(install()).isEqualTo(first);
    assertThat(first.executable()).hasSameBinaryContentAs(cli);
    assertThat(calls).content().hasLineCount(1);
  }

  @Test
  void changedFileIsAskedAgain() throws IOException {
    install();
    write("9.9.999");
    assertThatThrownBy(this::install).isInstanceOf(IOException.class).hasMessageContaining("9.9.");
    assertThatThrownBy(this::install).isInstanceOf(IOException.class).hasMessageContaining("9.9.");
    assertThat(calls).content().hasLineCount(3);
  }

  @Test
  void otherFileIsAskedThoughItsContentIsTheSame() throws IOException {
    install();
    Files.copy(cli, directory.resolve("other"));
    Files.move(directory.resolve("other"), cli, StandardCopyOption.REPLACE_EXISTING);
    install();
    assertThat(calls).content().hasLineCount(2);
  }

  private CliInstallation install() throws IOException {
    return CliInstallation.install(Optional.of(cli), directory, directory.resolve("installed"));
  }

  private void write(String version) throws IOException {
    Files.writeString(
        cli, "#!/bin/sh\necho asked >>%s\necho '%s (Claude Code)'\n".formatted(calls, version));
    Files.setPosixFilePermissions(cli, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
