package io.agentledger.command.claude.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * File that marks a process that was started before its session was opened, until the session takes
 * it. Nothing that a marked process did is recorded.
 *
 * @param directory directory of the process
 */
public record PrewarmedMark(Path directory) {
  private Path file() {
    return directory.resolve("prewarmed");
  }

  public void create() throws IOException {
    Files.createFile(file());
  }

  public boolean exists() {
    return Files.exists(file());
  }

  /** Removes the mark: from now on the process belongs to its session. */
  public void remove() throws IOException {
    Files.delete(file());
  }
}
