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
  void othersMayPassThroughAndSeeNothing() throws IOException {
    try (NodeHome home = NodeHome.at(parent.resolve("a/b/data"))) {
      assertThat(mode(home.root())).isEqualTo("rwx--x--x");
      assertThat(mode(home.traversable("runs"))).isEqualTo("rwx--x--x");
      for (Path secret : new Path[] {home.keys(), home.content(), home.database()})
        assertThat(mode(secret)).isEqualTo("rwx------");
      for (String file : new String[] {"node", "lock"})
        assertThat(mode(home.root().resolve(file))).isEqualTo("rw-------");
    }
  }

  @Test
  void aNodeKeepsItsName() {
    String name;
    try (NodeHome home = NodeHome.at(parent.resolve("data"))) {
      name = home.node();
      assertThat(name).matches("node_[2-9a-z]{10}");
    }
    try (NodeHome again = NodeHome.at(parent.resolve("data"))) {
      assertThat(again.node()).isEqualTo(name);
    }
    try (NodeHome other = NodeHome.at(parent.resolve("other"))) {
      assertThat(other.node()).isNotEqualTo(name);
    }
  }

  @Test
  void twoServicesNeverShareOneHome() throws IOException {
    Path data = parent.resolve("data");
    try (NodeHome home = NodeHome.at(data)) {
      assertThatThrownBy(() -> NodeHome.at(data))
          .isInstanceOf(NodeHome.HomeInUse.class)
          .hasMessageContaining(home.root().toString())
          .hasMessageContaining("AGENTLEDGER_HOME");
      Path link = Files.createSymbolicLink(parent.resolve("link"), data);
      assertThatThrownBy(() -> NodeHome.at(link)).isInstanceOf(NodeHome.HomeInUse.class);
    }
    NodeHome.at(data).close();
  }

  @Test
  void anExistingDirectoryKeepsWhatItAllows() throws IOException {
    Path there = Files.createDirectory(parent.resolve("there"));
    Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwxr-x---"));
    NodeHome.at(there).close();
    assertThat(mode(there)).isEqualTo("rwxr-x--x");
  }

  @Test
  void whereEverybodyMayWriteNobodyIsAtHome() throws IOException {
    Path open = Files.createDirectory(parent.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> NodeHome.at(open))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("everybody may write");
  }

  @Test
  void aFileIsNoHomeAndANameMustBeOne() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));
    assertThatThrownBy(() -> NodeHome.at(file)).isInstanceOf(UncheckedIOException.class);
    Path data = parent.resolve("data");
    NodeHome.at(data).close();
    Files.writeString(data.resolve("node"), "../../etc");
    assertThatThrownBy(() -> NodeHome.at(data))
        .hasMessageContaining("does not hold the name of a node");
    Files.writeString(data.resolve("node"), "node_2222222222\n");
    NodeHome.at(data).close(); // The failure has let go of the lock.
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
