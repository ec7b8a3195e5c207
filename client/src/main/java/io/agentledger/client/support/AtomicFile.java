package io.agentledger.client.support;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** File that only its owner can read, and that appears when all of its content was received. */
public final class AtomicFile {
  private AtomicFile() {}

  /** Source of the content; if it fails, there is no file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream file) throws IOException;
  }

  /**
   * Writes a file.
   *
   * @param options how it is moved to its name, for example {@code REPLACE_EXISTING}
   * @throws FileAlreadyExistsException if there is such a file, and it is not to be replaced
   */
  public static void write(Path target, Content content, CopyOption... options) throws IOException {
    var folder = target.toAbsolutePath().getParent();
    if (folder == null) throw new FileAlreadyExistsException(target.toString());
    var part = Files.createTempFile(folder, ".agentledger", ".part");
    var deletion = new Thread(() -> part.toFile().delete(), "delete-" + part.getFileName());
    try {
      Runtime.getRuntime().addShutdownHook(deletion); // A signal ends the JVM without "finally".
      try (var file = Files.newOutputStream(part)) {
        content.writeTo(file);
      }
      Files.move(part, target, options);
    } finally {
      Files.deleteIfExists(part);
      forget(deletion);
    }
  }

  private static void forget(Thread shutdownHook) {
    try {
      Runtime.getRuntime().removeShutdownHook(shutdownHook);
    } catch (IllegalStateException ending) {
      // The JVM ends, and executes it.
    }
  }
}
