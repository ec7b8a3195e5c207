package io.agentledger.command.claude.runner;

import io.agentledger.command.claude.host.TreeDeleter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories of the host that every user may read and write, until the tests end. */
final class HostTestDirectories {
  private final Path root;

  HostTestDirectories(String... names) {
    try {
      root = Files.createTempDirectory("beside").toRealPath();
      open(root);
      for (String name : names) open(Files.createDirectory(root.resolve(name)));
      Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
    } catch (IOException unusable) {
      throw new UncheckedIOException(unusable);
    }
  }

  Path create(String name) {
    return root.resolve(name);
  }

  /** Writes a file below one of them. */
  Path writeFile(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    for (Path entry = file; !entry.equals(root); entry = entry.getParent()) open(entry);
    return file;
  }

  static void open(Path path) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private void remove() {
    try {
      TreeDeleter.deleteTree(root);
    } catch (IOException left) {
      throw new UncheckedIOException(left);
    }
  }
}
