package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.host.HostUser;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.mcp.EverythingServer;
import io.agentledger.store.TestInstallation;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The attacks by symbolic links and on the journal at level {@code shared-uid}: the same tests in a
 * JVM of an ordinary user, who can read only copies of the files that they need.
 */
@Tag("exhaustive")
class SharedUidEscapeIT {
  private static final int NOBODY_UID = 65_534;
  private static final Path CLI =
      Path.of("cli/node_modules/@anthropic-ai/claude-code-linux-x64/claude");

  private Path directory;

  @BeforeEach
  void copyWhatTheUserNeeds() throws IOException {
    Assumptions.assumeTrue(HostUser.current().isRoot(), "only root can become another user");
    directory = Files.createTempDirectory("shared-uid");
    SessionPaths.createDirectory(directory, "rwx--x--x");
  }

  @AfterEach
  void delete() throws IOException {
    TreeDeleter.deleteTree(directory);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void attacksLeadNowhereForAnOrdinaryUserEither() throws Exception {
    Set<String> classPath = new LinkedHashSet<>();
    for (String entry : classPath()) {
      classPath.add(copyTo(Path.of(entry), directory.resolve("lib" + classPath.size())).toString());
    }
    Path work = Files.createDirectories(directory.resolve("command-side"));
    Files.createDirectories(work.resolve(CLI).getParent());
    copyTo(CLI.toRealPath(), work.resolve(CLI));
    Path home = Files.createDirectory(directory.resolve("home"));
    Path target = Files.createDirectory(directory.resolve("target"));
    Path server = copyTo(EverythingServer.directory(), work.resolve("target/mcp"));
    for (Path own : List.of(work, server, server.getParent(), home, target)) {
      HostUser.chown(own, NOBODY_UID, NOBODY_UID);
    }
    String nobody = Integer.toString(NOBODY_UID);
    var line = new ArrayList<>(List.of("setpriv", "--reuid", nobody, "--regid", nobody));
    line.addAll(List.of("--clear-groups", System.getProperty("java.home") + "/bin/java"));
    line.addAll(TestInstallation.JVM_OPTIONS);
    line.addAll(List.of("-Djava.io.tmpdir=" + home, "-Duser.home=" + home));
    line.addAll(List.of("-cp", String.join(":", classPath), TestClassProgram.class.getName()));
    line.add(SymbolicLinkEscapeIT.class.getName());
    line.add(JournalForgeryIT.class.getName());
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(line)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(text).containsPattern("[1-9]\\d* tests, 0 skipped, 0 failed");
    for (String name : List.of("symboliclinkescape", "journalforgery")) {
      Path report = Path.of("target", name + "-report.md");
      Files.createDirectories(report.getParent());
      Files.copy(
          work.resolve(report),
          report.resolveSibling(name + "-shared-uid-report.md"),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Set<String> classPath() throws Exception {
    String tests = System.getProperty("surefire.test.class.path");
    String all = tests == null ? System.getProperty("java.class.path") : tests;
    var entries = new LinkedHashSet<>(List.of(all.split(File.pathSeparator)));
    entries.add(
        Path.of(LauncherFactory.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString());
    entries.removeIf(entry -> Files.notExists(Path.of(entry)));
    return entries;
  }

  /** Links the file, or copies it if the file system does not allow links. */
  private static Path copyTo(Path source, Path target) throws IOException {
    if (Files.isRegularFile(source)) {
      Path file = Files.isDirectory(target) ? target.resolve(source.getFileName()) : target;
      try {
        Files.createLink(file, source);
      } catch (FileSystemException elsewhere) {
        Files.copy(source, file);
      }
      return file;
    }
    try (Stream<Path> tree = Files.walk(source)) {
      for (Path path : tree.toList()) {
        Path copy = target.resolve(source.relativize(path).toString());
        if (Files.isDirectory(path)) {
          SessionPaths.createDirectory(copy, "rwxr-xr-x");
        } else {
          Files.copy(path, copy);
        }
      }
    }
    return target;
  }
}
