package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.host.BoundDirectory;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.host.HostDirectoryResolver;
import io.agentledger.command.claude.host.HostUser;
import io.agentledger.command.claude.host.TreeDeleter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writable folders of a workspace that is otherwise read-only. */
class WorkspaceMountTest {
  private static final WorkspaceMount MOUNT = WorkspaceMount.of(List.of("plan"));

  @TempDir Path base;
  @TempDir Path home;
  private SessionPaths session;
  private RunDirectory runDirectory;
  private OwnerScriptRunner ownerScripts;

  @BeforeEach
  void createWorkspace() throws IOException {
    session = new SessionPaths(base, OptionalInt.empty());
    Files.createDirectory(session.workspace());
    runDirectory = RunDirectory.open(home);
    CliInstallation cli = new CliInstallation(home.resolve("claude"));
    ownerScripts =
        new OwnerScriptRunner(Sandbox.open(runDirectory, cli, Optional.of(SandboxLevel.NONE)));
  }

  @AfterEach
  void cleanUp() throws IOException {
    if (!runDirectory.root().endsWith("run")) {
      TreeDeleter.deleteTree(runDirectory.root());
    }
  }

  private WorkspaceMount prepare() throws IOException {
    return MOUNT.prepare(session, ownerScripts);
  }

  private void bind(Path folder) throws IOException {
    var identity = HostDirectoryResolver.identity(folder);
    int uid = HostUser.current().uid();
    var bound = new BoundDirectory(folder, identity, uid, uid);
    session = new SessionPaths(base, OptionalInt.empty(), Optional.of(bound));
  }

  @Test
  void identityIsTheOneThatTheSandboxVerifies() throws IOException {
    var folder = prepare().prepared().getFirst();
    assertThat(folder.identity()).isEqualTo(HostDirectoryResolver.identity(folder.source()));
  }

  @Test
  void nothingIsCreatedOrMountedWhereABoundWorkspaceLeadsElsewhere() throws IOException {
    var project = Files.createDirectory(base.resolve("project"));
    bind(project);
    var victim = Files.createDirectory(base.resolve("victim"));
    Files.move(project, base.resolve("moved"));
    Files.createSymbolicLink(project, victim);
    assertThatThrownBy(this::prepare)
        .isInstanceOf(DirectoryRefusedException.class)
        .hasMessageContaining("was replaced");
    assertThat(victim).isEmptyDirectory();
    Files.createDirectory(victim.resolve("plan"));
    assertThatThrownBy(this::prepare).isInstanceOf(DirectoryRefusedException.class);
  }

  @Test
  void scriptOfTheOwnerCreatesAFolderOfABoundWorkspace() throws IOException {
    bind(Files.createDirectory(base.resolve("project")));
    Files.setAttribute(session.workspace(), "unix:mode", 02700);
    var folder = prepare().prepared().getFirst().source();
    assertThat((Integer) Files.getAttribute(folder, "unix:mode") & 07777).isEqualTo(02755);
  }

  /** Its inode may be that of the removed folder. */
  @Test
  void folderThatWasCreatedAnewIsAnotherOne() throws IOException {
    var first = prepare();
    Files.delete(session.workspace().resolve("plan"));
    assertThat(prepare()).isNotEqualTo(first);
  }

  @Test
  void createsAMissingFolderAndKeepsAnExistingOne() throws IOException {
    var first = prepare();
    assertThat(session.workspace().resolve("plan")).isDirectory();
    assertThat(prepare()).isEqualTo(first);
  }

  /** The launch of a process contains the prepared folders, so a new folder gets a new process. */
  @Test
  void folderThatWasReplacedIsAnotherOne() throws IOException {
    var first = prepare();
    var folder = session.workspace().resolve("plan");
    Files.move(folder, session.workspace().resolve("old"));
    assertThat(prepare()).isNotEqualTo(first);
  }

  @Test
  void refusesALinkAndAFile() throws IOException {
    var folder = session.workspace().resolve("plan");
    Files.createSymbolicLink(folder, base);
    assertThatThrownBy(() -> prepare())
        .isInstanceOf(DirectoryRefusedException.class)
        .hasMessageContaining("plan in the workspace must be a folder");
    Files.delete(folder);
    Files.writeString(folder, "a file");
    assertThatThrownBy(() -> prepare()).isInstanceOf(DirectoryRefusedException.class);
  }

  @Test
  void unpreparedFolderIsNotWritable() {
    assertThat(MOUNT.isWritable()).isFalse();
    assertThat(MOUNT.prepared()).isEmpty();
  }
}
