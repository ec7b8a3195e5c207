package io.agentledger.command.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.claude.host.DiskUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeMoverTest {
  @TempDir Path temporary;
  private Path unpacked;
  private Path workspace;
  private TreeMover mover;

  @BeforeEach
  void createTrees() throws IOException {
    unpacked = Files.createDirectory(temporary.resolve("unpacked"));
    workspace = Files.createDirectory(temporary.resolve("workspace"));
    var staging = Files.createDirectory(temporary.resolve("staging"));
    mover = new TreeMover(unpacked, new ContainedTree(workspace), staging, path -> {});
  }

  private static void write(Path root, String file, String text) throws IOException {
    var path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void newDirectoryIsMovedAsAWhole() throws IOException {
    write(unpacked, "lib/a/b", "1");
    var moved = Files.getAttribute(unpacked.resolve("lib"), "unix:ino");
    mover.move(List.of("into"));
    assertThat(workspace.resolve("into/lib/a/b")).hasContent("1");
    assertThat(Files.getAttribute(workspace.resolve("into/lib"), "unix:ino")).isEqualTo(moved);
  }

  @Test
  void existingDirectoryKeepsItsOtherFiles() throws IOException {
    write(workspace, "lib/kept", "kept");
    write(workspace, "lib/a/replaced", "old");
    write(unpacked, "lib/a/replaced", "new");
    write(unpacked, "lib/c/d", "2");
    assertThat(mover.requireNoConflict(List.of())).isEqualTo(3 + 2 * DiskUsage.DIRECTORY_BYTES);
    mover.move(List.of());
    assertThat(workspace.resolve("lib/kept")).hasContent("kept");
    assertThat(workspace.resolve("lib/a/replaced")).hasContent("new");
    assertThat(workspace.resolve("lib/c/d")).hasContent("2");
  }

  @Test
  void linkIsNotFollowed() throws IOException {
    var outside = Files.createDirectory(temporary.resolve("outside"));
    Files.createSymbolicLink(workspace.resolve("lib"), outside);
    write(unpacked, "lib/a", "1");
    assertThatThrownBy(() -> mover.move(List.of()))
        .isInstanceOf(RejectionException.class)
        .hasMessageContaining("Not a folder");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void fileDoesNotReplaceADirectory() throws IOException {
    write(workspace, "name/kept", "kept");
    write(unpacked, "name", "a file");
    assertThatThrownBy(() -> mover.move(List.of()))
        .isInstanceOf(RejectionException.class)
        .hasMessageContaining("There is a folder of this name");
    assertThat(workspace.resolve("name/kept")).hasContent("kept");
  }

  private void assertConflict(String message) throws IOException {
    for (int i = 0; i < 50; i++) write(unpacked, "other" + i, "new");
    assertThatThrownBy(() -> mover.requireNoConflict(List.of("into")))
        .isInstanceOf(RejectionException.class)
        .hasMessageContaining(message);
    assertThat(unpacked).isDirectoryContaining("glob:**/other0");
  }

  @Test
  void fileThatWouldReplaceADirectoryIsFoundBeforeTheMove() throws IOException {
    write(workspace, "into/lib/name/kept", "kept");
    write(unpacked, "lib/name", "a file");
    assertConflict("There is a folder of this name: lib/name");
  }

  @Test
  void directoryThatWouldReplaceAFileIsFoundBeforeTheMove() throws IOException {
    write(workspace, "into/lib/name", "a file");
    write(unpacked, "lib/name/a", "1");
    assertConflict("Not a folder: lib/name");
  }

  @Test
  void directoryThatWouldReplaceALinkIsFoundBeforeTheMove() throws IOException {
    write(workspace, "into/lib/kept", "kept");
    Files.createSymbolicLink(workspace.resolve("into/name"), Path.of("lib"));
    write(unpacked, "name/a", "1");
    assertConflict("Not a folder: name");
  }

  @Test
  void linkIsReplacedByAFile() throws IOException {
    write(workspace, "lib/kept", "kept");
    Files.createSymbolicLink(workspace.resolve("name"), Path.of("lib/kept"));
    write(unpacked, "name", "a file");
    assertThat(mover.requireNoConflict(List.of())).isZero();
    mover.move(List.of());
    assertThat(workspace.resolve("name")).hasContent("a file");
    assertThat(workspace.resolve("lib/kept")).hasContent("kept");
  }

  @Test
  void deepDirectoriesAreMerged() throws IOException {
    var deep = "d/".repeat(150);
    for (var name : List.of("a", "b")) {
      write(workspace, name + "/" + deep + "kept", "kept");
      write(unpacked, name + "/" + deep + "new", "new");
    }
    assertThat(mover.requireNoConflict(List.of())).isEqualTo(302 * DiskUsage.DIRECTORY_BYTES);
    mover.move(List.of());
    assertThat(workspace.resolve("b/" + deep + "new")).hasContent("new");
    assertThat(workspace.resolve("b/" + deep + "kept")).hasContent("kept");
  }
}
