package io.agentledger.store;

import io.agentledger.api.shared.Ids;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the file {@code node} of a home, which is created once and never changes. */
final class NodeName {
  private static final String PREFIX = "node";

  private NodeName() {}

  static String loadOrCreate(Path home) throws IOException {
    Path file = home.resolve("node");
    String name = read(file);
    if (name.isEmpty()) {
      name = Ids.random(PREFIX);
      DurableFiles.write(file, (name + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    try {
      Ids.check(PREFIX, name);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " does not hold the name of a node", e);
    }
    return name;
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
