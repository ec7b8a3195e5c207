package io.agentledger.command.claude.sandbox;

import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The Claude Code CLI in exactly the version whose protocol was verified. Other versions are
 * rejected at start-up, because their protocol may differ.
 */
public record CliInstallation(Path executable) {
  public static final String VERSION = "2.1.197";

  private static final Path PINNED_CLI =
      Path.of("cli/node_modules/@anthropic-ai/claude-code-linux-x64/claude");
  private static final int VERSION_TIMEOUT_SECONDS = 20;

  /**
   * Finds the CLI and asks it for its version.
   *
   * @param configured CLAUDE_CLI_PATH, if set; no other location is then tried
   * @param root the checkout or installation that holds {@code command-side}
   * @throws IOException if there is no CLI, or not the pinned version; the message says what to do
   */
  public static CliInstallation find(Optional<Path> configured, Path root) throws IOException {
    CliInstallation cli = locate(configured, root);
    cli.verifyVersion();
    return cli;
  }

  /**
   * Finds the CLI and installs it in a directory ({@link #installTo}). It is asked for its version,
   * which takes half a second, only if its file has changed since it was installed there.
   *
   * @throws IOException as from {@link #find}
   */
  public static CliInstallation install(Optional<Path> configured, Path root, Path directory)
      throws IOException {
    CliInstallation cli = locate(configured, root);
    Path verified = directory.resolve("verified");
    boolean known = Files.exists(verified) && Files.readString(verified).equals(cli.describeFile());
    if (!known) cli.verifyVersion();
    CliInstallation installed = cli.installTo(directory);
    // Installing it changes its inode.
    if (!known) DurableFiles.write(verified, cli.describeFile().getBytes(StandardCharsets.UTF_8));
    return installed;
  }

  private static CliInstallation locate(Optional<Path> configured, Path root) throws IOException {
    Path executable =
        configured
            .orElseGet(() -> root.resolve("command-side").resolve(PINNED_CLI))
            .toAbsolutePath();
    if (!Files.isExecutable(executable)) {
      throw new IOException(
          "No Claude Code CLI at "
              + executable
              + ": run `sh command-side/cli/install.sh`, or set CLAUDE_CLI_PATH to version "
              + VERSION);
    }
    return new CliInstallation(executable.toRealPath());
  }

  private void verifyVersion() throws IOException {
    String text = queryVersion(executable);
    if (!text.startsWith(VERSION + " ")) {
      throw new IOException(
          executable + " is version \"" + text + "\"; this release drives " + VERSION + " only");
    }
  }

  /** Describes the file so that every change of its content changes the description. */
  private String describeFile() throws IOException {
    return VERSION
        + " "
        + executable
        + " "
        + new TreeMap<>(Files.readAttributes(executable, "unix:dev,ino,size,ctime"));
  }

  /**
   * Installs the same CLI in a directory that other uids can traverse, as a hard link where the
   * file system allows one, else as a copy. Idempotent.
   */
  public CliInstallation installTo(Path directory) throws IOException {
    Path versionDirectory = Files.createDirectories(directory.resolve(VERSION));
    Path target = versionDirectory.resolve("claude");
    for (Path path : new Path[] {directory, versionDirectory}) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    boolean isInstalled = Files.exists(target) && Files.size(target) == Files.size(executable);
    if (!isInstalled) {
      DurableFiles.deleteUnfinished(versionDirectory);
      DurableFiles.replace(target, this::linkOrCopy);
    }
    return new CliInstallation(target);
  }

  private void linkOrCopy(Path unfinished) throws IOException {
    boolean open =
        PosixFilePermissions.toString(Files.getPosixFilePermissions(executable)).endsWith("r-x");
    if (open) {
      try {
        Files.createLink(unfinished, executable);
        return;
      } catch (FileSystemException | UnsupportedOperationException elsewhere) {
        // Another file system, or links are refused: copy.
      }
    }
    Files.copy(executable, unfinished);
    Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String queryVersion(Path executable) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(executable.toString(), "--version");
    builder.environment().clear();
    Process process = builder.redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(VERSION_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(executable + " --version printed nothing");
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading the version of the CLI", interrupted);
    } finally {
      process.destroyForcibly();
    }
  }
}
