package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.shared.WireNamed;
import io.agentledger.command.claude.host.HostUser;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.store.DurableFiles;
import io.agentledger.store.permission.DeniedPaths;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sandbox has the highest level that works on this host, and refuses a forced one that does
 * not.
 */
class SandboxTest {
  private static final int NOBODY_UID = 65_534;
  private static final SandboxLevel BEST =
      HostUser.current().isRoot() ? SandboxLevel.FULL : SandboxLevel.SHARED_UID;
  private static final SandboxLevel OTHER =
      BEST == SandboxLevel.FULL ? SandboxLevel.SHARED_UID : SandboxLevel.FULL;

  @TempDir Path home;
  private RunDirectory runDirectory;

  @BeforeEach
  void open() throws IOException {
    runDirectory = RunDirectory.open(home);
  }

  @AfterEach
  void cleanUp() throws IOException {
    if (!runDirectory.root().endsWith("run")) {
      TreeDeleter.deleteTree(runDirectory.root());
    }
  }

  /** Its sandbox cannot be built: a file to mount does not exist. */
  private CliInstallation missingCli() {
    return new CliInstallation(home.resolve("nowhere").resolve("claude"));
  }

  @Test
  void forcedLevelThatFailsIsAnErrorWithTheReason() {
    assertThatThrownBy(() -> Sandbox.open(runDirectory, missingCli(), Optional.of(BEST)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("The sandbox level " + BEST.wireName() + " does not work here: ")
        .hasMessageContaining("bwrap");
  }

  @Test
  void forcedLevelUnavailableToTheUserNamesTheRequiredUser() {
    assertThatThrownBy(() -> Sandbox.open(runDirectory, missingCli(), Optional.of(OTHER)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(OTHER.wireName() + " is not available to uid")
        .hasMessageContaining("full needs root, shared-uid an ordinary user");
  }

  @Test
  void unforcedLevelThatFailsFallsBackToNoneWithTheReason() throws IOException {
    Sandbox sandbox = Sandbox.open(runDirectory, missingCli(), Optional.empty());
    assertThat(sandbox.level()).isEqualTo(SandboxLevel.NONE);
    assertThat(sandbox.levelReason()).contains("bwrap");
  }

  /** An older kernel accepts the flag and ignores it, as this kernel does with an unknown flag. */
  @Test
  void kernelWithoutNosymfollowMountsHasNoSandbox(@TempDir Path path) throws IOException {
    SessionPaths.createDirectory(path, "rwx--x--x");
    CliInstallation cli = real().installTo(path.resolve("cli"));
    Path script = runDirectory.tools().resolve("seal-mounts");
    String text = Files.readString(script);
    assertThat(text).contains("(1, 32, 256, 4096)");
    Files.writeString(script, text.replace("(1, 32, 256, 4096)", "(1, 32, 0, 4096)"));
    Sandbox sandbox = Sandbox.open(runDirectory, cli, Optional.empty());
    assertThat(sandbox.level()).isEqualTo(SandboxLevel.NONE);
    assertThat(sandbox.levelReason())
        .contains("this kernel has no nosymfollow mounts (Linux 5.10 or later has)");
    assertThatThrownBy(() -> Sandbox.open(runDirectory, cli, Optional.of(BEST)))
        .hasMessageContaining("no nosymfollow mounts");
  }

  @Test
  void machineWhoseSystemCallsAreNotListedHasNoSandbox() throws IOException {
    String machine = System.getProperty("os.arch");
    System.setProperty("os.arch", "riscv64");
    try {
      Sandbox sandbox = Sandbox.open(runDirectory, missingCli(), Optional.empty());
      assertThat(sandbox.level()).isEqualTo(SandboxLevel.NONE);
      assertThat(sandbox.levelReason()).contains("system calls of riscv64 are not known");
      assertThatThrownBy(() -> Sandbox.open(runDirectory, missingCli(), Optional.of(BEST)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("system calls of riscv64 are not known");
    } finally {
      System.setProperty("os.arch", machine);
    }
  }

  @Test
  void unreachableEgressPathIsAnErrorWithItsCause(@TempDir Path path) throws IOException {
    SessionPaths.createDirectory(path, "rwx--x--x");
    Sandbox sandbox =
        Sandbox.open(runDirectory, real().installTo(path.resolve("cli")), Optional.empty());
    if (!sandbox.isEnabled()) {
      String message = "SANDBOX TESTS SKIPPED: no box here: " + sandbox.levelReason();
      System.err.println(message);
      Assumptions.abort(message);
    }
    sandbox.probeEgress(runDirectory);
    assertThat(runDirectory.sessionPaths("probe", BEST == SandboxLevel.FULL).egress())
        .doesNotExist();

    Files.writeString(runDirectory.tools().resolve("egress-bridge"), "die 'no such module'");
    assertThatThrownBy(() -> sandbox.probeEgress(runDirectory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("agentledger.claude.egress.enabled is true")
        .hasMessageContaining("perl-base")
        .hasMessageContaining("no such module");
  }

  @Test
  void ordinaryUserGetsASandboxSharedByItsSessions(@TempDir Path path) throws Exception {
    var classes = new LinkedHashSet<String>();
    for (Class<?> type :
        List.of(
            SandboxProbeProgram.class,
            Sandbox.class,
            HostUser.class,
            SandboxLevel.class,
            WireNamed.class,
            BoundFolder.class,
            DurableFiles.class,
            DeniedPaths.class)) {
      classes.add(copied(type, path).toString());
    }
    Path own = Files.createDirectory(path.resolve("home"));
    Path cli = real().installTo(path.resolve("cli")).executable();
    List<String> line = new ArrayList<>();
    if (HostUser.current().isRoot()) {
      SessionPaths.createDirectory(path, "rwx--x--x");
      HostUser.chown(own, NOBODY_UID, NOBODY_UID);
      String nobody = Integer.toString(NOBODY_UID);
      line.addAll(List.of("setpriv", "--reuid", nobody, "--regid", nobody, "--clear-groups"));
    }
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of("-Xmx64m", "-cp", String.join(":", classes), SandboxProbeProgram.class.getName()));
    line.addAll(List.of(own.toString(), cli.toString()));

    String text = output(line);

    if (text.startsWith("none")) {
      String message = "SHARED-UID TEST SKIPPED: no box for ordinary users on this host: " + text;
      System.err.println(message);
      Assumptions.abort(message);
    }
    assertThat(text.lines()).first().isEqualTo("shared-uid probed");
    assertThat(text).contains("files are its user's", CliInstallation.VERSION + " ");
    assertThat(text).contains("bound: agent service");
    assertThat(text.lines())
        .contains("links: none followed by the CLI", "configuration: read-only", "denied: closed");
    assertThat(text).contains("mode of sock: rwx------", "mode of ses_probe: rwx------");
  }

  private static CliInstallation real() throws IOException {
    return CliInstallation.find(Optional.empty(), Path.of("..").toRealPath());
  }

  /**
   * Returns a class path with a copy of the class, because the user can read no other. The build
   * has jars or directories.
   */
  private static Path copied(Class<?> type, Path path) throws Exception {
    Path origin = Path.of(location(type));
    if (Files.isRegularFile(origin)) {
      Path jar = path.resolve(origin.getFileName().toString());
      if (Files.notExists(jar)) {
        Files.copy(origin, jar);
      }
      return jar;
    }
    Path classes = path.resolve("classes");
    Path folder = Path.of(type.getPackageName().replace('.', '/'));
    Path target = Files.createDirectories(classes.resolve(folder));
    try (Stream<Path> files = Files.list(origin.resolve(folder))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, target.resolve(file.getFileName().toString()));
      }
    }
    return classes;
  }

  private static URI location(Class<?> type) throws URISyntaxException {
    return type.getProtectionDomain().getCodeSource().getLocation().toURI();
  }

  private static String output(List<String> line) throws Exception {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    try (InputStream output = process.getInputStream()) {
      process.getOutputStream().close();
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as(text).isZero();
      return text;
    } finally {
      process.destroyForcibly();
    }
  }
}
