package io.agentledger.command.claude.runner;

import io.agentledger.command.claude.host.TreeDeleter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders of this machine that every user of it may read and write, until the tests are over. */
final class HostFoldersForTests {
  private final Path root;

  HostFoldersForTests(String... names) {
    try {
      root = Files.createTempDirectory("beside").toRealPath();
      open(root);
      for (String name : names) open(Files.createDirectory(root.resolve(name)));
      Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
  }

  Path of(String name) {
    return root.resolve(name);
  }

  /** A file below one of them. */
  Path put(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    for (Path each = file; !each.equals(root); each = each.getParent()) open(each);
    return file;
  }

  static void open(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private void remove() {
    try {
      TreeDeleter.remove(root);
    } catch (IOException left) {
      throw new UncheckedIOException(left);
    }
  }
}
