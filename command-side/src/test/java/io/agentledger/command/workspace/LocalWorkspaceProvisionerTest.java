package io.agentledger.command.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.api.workspace.WorkspaceProvisioner.Staged;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.support.SwappedPipe;
import io.agentledger.command.workspace.archive.CopyLimits;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalWorkspaceProvisionerTest {
  private static final SessionId SESSION = new SessionId("ses_2222222222");
  private static final TenantId TENANT = TenantId.next();
  private static final long BYTES_MAX = 100_000;
  private static final long ENTRIES_MAX = 50;
  private static final int DEPTH_MAX = 10;

  @TempDir Path temporary;
  private Path source;
  private Path workspace;
  private final List<SessionId> handedOver = new ArrayList<>();
  private final ExecutorService copiers = Executors.newFixedThreadPool(2);
  private LocalWorkspaceProvisioner workspaces;

  @BeforeEach
  void createProvisioner() throws IOException {
    source = Files.createDirectory(temporary.resolve("source"));
    var home = Files.createDirectory(temporary.resolve("home"));
    workspace = home.resolve("workspace");
    var root =
        new NodeWorkspaces() {
          @Override
          public Path resolve(SessionId session) {
            return workspace;
          }

          @Override
          public Map<SessionId, Path> listAll() {
            return Map.of(SESSION, workspace);
          }

          @Override
          public void chown(SessionId session) {
            handedOver.add(session);
          }

          @Override
          public void delete(SessionId session) throws IOException {
            TreeRemover.remove(workspace);
          }
        };
    workspaces =
        new LocalWorkspaceProvisioner(
            root,
            session -> false,
            mib -> new CopyLimits(BYTES_MAX, ENTRIES_MAX, DEPTH_MAX),
            null, // No repositories in this test.
            tenant -> copiers,
            tenant -> copiers);
  }

  @AfterEach
  void end() {
    copiers.shutdownNow();
  }

  private Staged copy(Path folder) {
    return workspaces.stageCopy(SESSION, TENANT, folder, 1).toCompletableFuture().join();
  }

  private void isRefused(Path folder, String rule) {
    assertThatThrownBy(() -> copy(folder))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> {
              assertThat(e.rejection()).isInstanceOf(WorkspaceRefused.class);
              assertThat(e.rejection().code()).isEqualTo("workspace_" + rule);
            });
    assertThat(workspace).as("nothing is left behind").doesNotExist();
    assertThat(handedOver).isEmpty();
  }

  @Test
  void directoryIsCopiedWithItsModes() throws IOException {
    var inner = Files.createDirectories(source.resolve("a/b"));
    Files.writeString(source.resolve("read.me"), "hello");
    Files.writeString(inner.resolve("run.sh"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        inner.resolve("run.sh"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("r-xr-xr-x"));

    assertThat(copy(source)).isEqualTo(new Staged(2, 15));

    assertThat(workspace.resolve("read.me")).hasContent("hello");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(workspace.resolve("a/b/run.sh"))))
        .isEqualTo("rwxr-x--x");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(workspace.resolve("a/b"))))
        .isEqualTo("r-xr-xr-x");
    assertThat(handedOver).containsExactly(SESSION);
    Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void internalLinksAreCopiedAsLinks() throws IOException {
    Files.createDirectories(source.resolve("a/b"));
    Files.writeString(source.resolve("file"), "hello");
    Files.createSymbolicLink(source.resolve("a/b/up"), Path.of("../../file"));
    Files.createSymbolicLink(source.resolve("a/chain"), Path.of("b/up"));
    Files.createSymbolicLink(source.resolve("a/nothing"), Path.of("not/there/yet"));

    copy(source);

    assertThat(workspace.resolve("a/chain")).isSymbolicLink().hasContent("hello");
    assertThat(Files.readSymbolicLink(workspace.resolve("a/nothing")))
        .isEqualTo(Path.of("not/there/yet"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc", "/etc/passwd", "../..", "..", "a/../../home", "../source/a", "/"})
  void rejectsALinkOutOfTheSource(String target) throws IOException {
    Files.createDirectory(source.resolve("a"));
    Files.createSymbolicLink(source.resolve("link"), Path.of(target));
    isRefused(source, "link_escapes");
  }

  @Test
  void rejectsAnAbsoluteLinkIntoTheSource() throws IOException {
    Files.writeString(source.resolve("file"), "hello");
    Files.createSymbolicLink(source.resolve("link"), source.resolve("file"));
    isRefused(source, "link_escapes");
  }

  @Test
  void rejectsAChainOfLinksThatLeadsOut() throws IOException {
    Files.createDirectories(source.resolve("a/b"));
    Files.createSymbolicLink(source.resolve("a/b/up"), Path.of("../.."));
    Files.createSymbolicLink(source.resolve("out"), Path.of("a/b/up/../etc"));
    isRefused(source, "link_escapes");
  }

  @Test
  void linkThroughALinkedDirectoryIsJudgedByItsResolvedTarget() throws IOException {
    Files.createDirectories(source.resolve("deep/er"));
    Files.createSymbolicLink(source.resolve("deep/er/top"), Path.of("../../top"));
    Files.createSymbolicLink(source.resolve("deep/er/out"), Path.of("top/../secret"));
    Files.createDirectory(source.resolve("top"));
    copy(source); // top/.. is the root of the copy.
    assertThat(workspace.resolve("deep/er/out")).isSymbolicLink();
  }

  @Test
  void rejectsLinkLoops() throws IOException {
    Files.createSymbolicLink(source.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(source.resolve("b"), Path.of("a"));
    isRefused(source, "link_escapes");
  }

  @Test
  void rejectsAPipeWithoutOpeningIt() throws Exception {
    var made = new ProcessBuilder("mkfifo", source.resolve("pipe").toString()).inheritIO().start();
    assertThat(made.waitFor()).isZero();
    isRefused(source, "special_file");
  }

  @Test
  void rejectsASocket() throws IOException {
    var here = Files.createTempDirectory(Path.of("/tmp"), "sock"); // Its path must be short.
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(here.resolve("s")));
      isRefused(here, "special_file");
    } finally {
      Files.deleteIfExists(here.resolve("s"));
      Files.delete(here);
    }
  }

  @Test
  void rejectsADirectoryThatContainsItsCopy() {
    isRefused(temporary, "holds_itself");
    isRefused(temporary.resolve("home"), "holds_itself");
    isRefused(Path.of("/"), "holds_itself");
  }

  @Test
  void rejectsMissingSourcesAndFiles() throws IOException {
    isRefused(temporary.resolve("nothing"), "not_found");
    isRefused(Files.writeString(temporary.resolve("file"), "hello"), "not_a_folder");
  }

  @Test
  void rejectsUnreadableFiles() throws IOException {
    assumeFalse(
        "root".equals(System.getProperty("user.name")), "root can read everything: not shown here");
    Files.writeString(source.resolve("secret"), "hello");
    Files.setPosixFilePermissions(
        source.resolve("secret"), PosixFilePermissions.fromString("---------"));
    isRefused(source, "unreadable");
  }

  @Test
  void rejectsTooManyBytesDuringTheCopy() throws IOException {
    Files.write(source.resolve("a"), new byte[(int) BYTES_MAX]);
    copy(source);
    workspaces.discard(SESSION).toCompletableFuture().join();
    handedOver.clear();
    Files.write(source.resolve("b"), new byte[1]);
    isTooMuch(source);
  }

  @Test
  void rejectsAnOversizedSparseFile() throws IOException {
    Files.createSymbolicLink(source.resolve("a"), Path.of("b"));
    try (var sparse = new java.io.RandomAccessFile(source.resolve("b").toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    isTooMuch(source);
  }

  private void isTooMuch(Path folder) {
    assertThatThrownBy(() -> copy(folder))
        .hasRootCauseInstanceOf(RejectionException.class)
        .hasStackTraceContaining("workspace_mib");
    assertThat(workspace).doesNotExist();
  }

  @Test
  void rejectsTooManyEntriesAndTooDeepDirectories() throws IOException {
    for (int i = 0; i <= ENTRIES_MAX; i++) Files.createFile(source.resolve("f" + i));
    isRefused(source, "too_large");
    var deep = Files.createDirectory(temporary.resolve("deep"));
    Files.createDirectories(deep.resolve("d/".repeat(DEPTH_MAX)));
    isRefused(deep, "too_large");
  }

  @Test
  void concurrentlyChangedSourceNeverLeadsOut() throws Exception {
    var outside = Files.createDirectory(temporary.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "hidden");
    var swapped = source.resolve("swapped");
    var stopped = new AtomicBoolean();
    var swapper = Thread.ofPlatform().start(() -> swap(swapped, outside, stopped));
    try {
      for (int i = 0; i < 300; i++) {
        try {
          copy(source);
        } catch (CompletionException e) {
          assertThat(e).hasCauseInstanceOf(RejectionException.class); // A rejection, not a fault.
        }
        assertThat(workspace.resolve("swapped/secret")).doesNotExist();
        if (Files.isRegularFile(workspace.resolve("swapped")))
          assertThat(workspace.resolve("swapped")).isEmptyFile();
        workspaces.discard(SESSION).toCompletableFuture().join();
      }
    } finally {
      stopped.set(true);
      swapper.join();
    }
  }

  @Test
  void pipeInThePlaceOfAFileHoldsNoCopyUp() throws Exception {
    var aside = Files.createDirectory(temporary.resolve("aside"));
    try (var _ = new SwappedPipe(source.resolve("swapped"), aside)) {
      assertTimeoutPreemptively(Duration.ofSeconds(60), () -> copyOften(1000));
    }
  }

  private void copyOften(int times) {
    for (int i = 0; i < times; i++) {
      try {
        copy(source);
      } catch (CompletionException e) {
        assertThat(e).hasCauseInstanceOf(RejectionException.class);
      }
      workspaces.discard(SESSION).toCompletableFuture().join();
    }
  }

  /** Replaces a directory by a link to a foreign one, and back, repeatedly. */
  private static void swap(Path path, Path outside, AtomicBoolean stopped) {
    try {
      while (!stopped.get()) {
        Files.createDirectory(path);
        Files.delete(path);
        Files.createSymbolicLink(path, outside);
        Files.delete(path);
        Files.createFile(path);
        Files.delete(path);
        Files.createSymbolicLink(path, outside.resolve("secret"));
        Files.delete(path);
      }
    } catch (NoSuchFileException done) {
      // The directory itself was removed: the test has ended.
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void emptyWorkspaceIsCreatedAndDiscarded() {
    assertThat(workspaces.stageEmpty(SESSION).toCompletableFuture().join())
        .isEqualTo(new Staged(0, 0));
    assertThat(workspace).isEmptyDirectory();
    assertThat(handedOver).containsExactly(SESSION);
    workspaces.discard(SESSION).toCompletableFuture().join();
    assertThat(workspace).doesNotExist();
    workspaces.discard(SESSION).toCompletableFuture().join(); // Repeating it has no effect.
  }
}
