package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegularFileOpenerTest {
  @TempDir Path root;
  private RegularFileOpener opener;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(root.resolve("a/b"));
    opener = new RegularFileOpener(root);
  }

  @AfterEach
  void close() {
    opener.close();
  }

  private String read(String name) throws IOException {
    try (var in = Channels.newInputStream(opener.open(Path.of(name)))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void filesOfTheTreeAreRead() throws IOException {
    for (String name : List.of("one", "a/b/two", "a/a+b %41 ä", "usr")) {
      Files.writeString(root.resolve(name), name);
      assertThat(read(name)).isEqualTo(name);
    }
    assertThatThrownBy(() -> read("none")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void nameThatIsNoTextIsAName() throws Exception {
    String make = "printf bytes >\"$(printf 'x\\377')\"";
    var builder = new ProcessBuilder("sh", "-c", make).directory(root.toFile());
    assertThat(builder.start().waitFor()).isZero();
    try (var entries = Files.newDirectoryStream(root, "x*")) {
      var name = entries.iterator().next().getFileName();
      try (var in = Channels.newInputStream(opener.open(name))) {
        assertThat(in.readAllBytes()).asString().isEqualTo("bytes");
      }
    }
  }

  @Test
  void linksPipesAndFoldersAreNotOpened() throws Exception {
    Files.writeString(root.resolve("a/b/two"), "two");
    Files.createSymbolicLink(root.resolve("link"), Path.of("a/b/two"));
    Files.createSymbolicLink(root.resolve("folder"), Path.of("a/b"));
    String pipe = root.resolve("pipe").toString();
    assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
    for (String name : List.of("link", "folder/two", "pipe", "a", "../a", "/etc/passwd")) {
      assertThatThrownBy(() -> read(name)).isInstanceOf(FileSystemException.class);
    }
  }

  @Test
  void programCanBeStartedWhileItIsRead() throws Exception {
    Path program = root.resolve("program");
    Files.copy(Path.of("/bin/true"), program, StandardCopyOption.COPY_ATTRIBUTES);
    try (var _ = opener.open(Path.of("program"))) {
      assertThat(new ProcessBuilder(program.toString()).start().waitFor()).isZero();
    }
  }
}
