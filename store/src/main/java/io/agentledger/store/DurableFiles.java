package io.agentledger.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** Files of mode 600 that are there completely, after a crash too, or not at all. */
public final class DurableFiles {
  private DurableFiles() {}

  /** Replaces {@code file} in one step; when this returns, it is on the disk. */
  public static void write(Path file, byte[] bytes) throws IOException {
    Path directory = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file's folder");
    Path unfinished = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      writeThrough(unfinished, bytes);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(directory);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static void writeThrough(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer remaining = ByteBuffer.wrap(bytes);
      while (remaining.hasRemaining()) channel.write(remaining);
      channel.force(true);
    }
  }

  /** A rename survives a power cut only when its directory is on the disk. */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
