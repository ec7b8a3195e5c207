package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.claude.host.DirectoryRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writable folders of a workspace that is otherwise read-only. */
class WorkspaceMountTest {
  private static final WorkspaceMount MOUNT = WorkspaceMount.of(List.of("plan"));

  @TempDir Path base;
  private SessionPaths session;

  @BeforeEach
  void createWorkspace() throws IOException {
    session = new SessionPaths(base, OptionalInt.empty());
    Files.createDirectory(session.workspace());
  }

  @Test
  void createsAMissingFolderAndKeepsAnExistingOne() throws IOException {
    var first = MOUNT.prepare(session);
    assertThat(session.workspace().resolve("plan")).isDirectory();
    assertThat(MOUNT.prepare(session)).isEqualTo(first);
  }

  /** The launch of a process contains the prepared folders, so a new folder gets a new process. */
  @Test
  void folderThatWasReplacedIsAnotherOne() throws IOException {
    var first = MOUNT.prepare(session);
    var folder = session.workspace().resolve("plan");
    Files.move(folder, session.workspace().resolve("old"));
    assertThat(MOUNT.prepare(session)).isNotEqualTo(first);
  }

  @Test
  void refusesALinkAndAFile() throws IOException {
    var folder = session.workspace().resolve("plan");
    Files.createSymbolicLink(folder, base);
    assertThatThrownBy(() -> MOUNT.prepare(session))
        .isInstanceOf(DirectoryRefusedException.class)
        .hasMessageContaining("plan in the workspace must be a folder");
    Files.delete(folder);
    Files.writeString(folder, "a file");
    assertThatThrownBy(() -> MOUNT.prepare(session)).isInstanceOf(DirectoryRefusedException.class);
  }

  @Test
  void unpreparedFolderIsNotWritable() {
    assertThat(MOUNT.isWritable()).isFalse();
    assertThat(MOUNT.prepared()).isEmpty();
  }
}
