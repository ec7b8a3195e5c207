package io.agentledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeHomeTest {
  @TempDir Path parent;

  @Test
  void otherUsersMayTraverseButNotList() throws IOException {
    try (NodeHome home = NodeHome.of(parent.resolve("a/b/data"))) {
      assertThat(mode(home.root())).isEqualTo("rwx--x--x");
      assertThat(mode(home.traversableDirectory("runs"))).isEqualTo("rwx--x--x");
      for (Path secret : new Path[] {home.keys(), home.content(), home.database()})
        assertThat(mode(secret)).isEqualTo("rwx------");
      for (String file : new String[] {"node", "lock"})
        assertThat(mode(home.root().resolve(file))).isEqualTo("rw-------");
    }
  }

  @Test
  void nodeNameIsStable() {
    String name;
    try (NodeHome home = NodeHome.of(parent.resolve("data"))) {
      name = home.node();
      assertThat(name).matches("node_[2-9a-z]{10}");
    }
    try (NodeHome again = NodeHome.of(parent.resolve("data"))) {
      assertThat(again.node()).isEqualTo(name);
    }
    try (NodeHome other = NodeHome.of(parent.resolve("other"))) {
      assertThat(other.node()).isNotEqualTo(name);
    }
  }

  @Test
  void homeIsLockedByOneService() throws IOException {
    Path data = parent.resolve("data");
    try (NodeHome home = NodeHome.of(data)) {
      assertThatThrownBy(() -> NodeHome.of(data))
          .isInstanceOf(NodeHome.HomeInUseException.class)
          .hasMessageContaining(home.root().toString())
          .hasMessageContaining("AGENTLEDGER_HOME");
      Path link = Files.createSymbolicLink(parent.resolve("link"), data);
      assertThatThrownBy(() -> NodeHome.of(link)).isInstanceOf(NodeHome.HomeInUseException.class);
    }
    NodeHome.of(data).close();
  }

  @Test
  void keepsPermissionsOfAnExistingDirectory() throws IOException {
    Path there = Files.createDirectory(parent.resolve("there"));
    Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxr-x---"));
    NodeHome.of(there).close();
    assertThat(mode(there)).isEqualTo("rwxr-x--x");
  }

  @Test
  void rejectsWorldWritableHome() throws IOException {
    Path open = Files.createDirectory(parent.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> NodeHome.of(open))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("every user may write");
  }

  @Test
  void rejectsFileAsHomeAndInvalidNodeName() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(() -> NodeHome.of(file)).isInstanceOf(UncheckedIOException.class);
    Path data = parent.resolve("data");
    NodeHome.of(data).close();
    Files.writeString(data.resolve("node"), "../../etc");
    assertThatThrownBy(() -> NodeHome.of(data))
        .hasMessageContaining("does not hold the name of a node");
    Files.writeString(data.resolve("node"), "node_2222222222\n");
    NodeHome.of(data).close(); // The failed attempt has released the lock.
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
