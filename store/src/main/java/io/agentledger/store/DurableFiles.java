package io.agentledger.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Files that are there completely, after a crash or on a full disk too, or not at all: written
 * aside, synced, renamed. All that the service writes for itself it writes here.
 */
public final class DurableFiles {
  private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]+){4}");

  /** Some small files, and a block of a log. */
  private static final int ROOM_BYTES = 64 * 1024;

  private DurableFiles() {}

  /** Makes a file with all that it is, mode and owner included, under a name of the moment. */
  @FunctionalInterface
  public interface FileMaker {
    void make(Path unfinished) throws IOException;
  }

  /** Replaces {@code file} in one step, mode 600; when this returns, it is on the disk. */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, bytes, unfinished -> {});
  }

  /** The same with another mode, {@code rw-r--r--}. */
  public static void write(Path file, byte[] bytes, String mode) throws IOException {
    write(
        file,
        bytes,
        unfinished ->
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString(mode)));
  }

  /**
   * @param owned gives the file, which has mode 600, its mode and owner
   */
  public static void write(Path file, byte[] bytes, FileMaker owned) throws IOException {
    replace(
        file,
        unfinished -> {
          writeFully(unfinished, bytes);
          owned.make(unfinished);
        });
  }

  /** Replaces {@code file} in one step by what is made; when this returns, it is on the disk. */
  public static void replace(Path file, FileMaker maker) throws IOException {
    replaceUnsynced(
        file,
        unfinished -> {
          maker.make(unfinished);
          if (Files.isRegularFile(unfinished, LinkOption.NOFOLLOW_LINKS)) {
            sync(unfinished);
          }
        });
    sync(folderOf(file));
  }

  /**
   * Replaces {@code file} in one step, without waiting for the disk: for a copy that is compared
   * with its source at each start, since it may be absent or empty after a power cut.
   */
  public static void replaceUnsynced(Path file, FileMaker maker) throws IOException {
    Path unfinished = folderOf(file).resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      maker.make(unfinished);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private static Path folderOf(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file's folder");
  }

  private static void writeFully(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer remaining = ByteBuffer.wrap(bytes);
      while (remaining.hasRemaining()) channel.write(remaining);
    }
  }

  /**
   * Appends a line, or nothing of it where that fails: what follows must not be glued to half a
   * line. It survives the death of this process, not of the machine.
   *
   * @param file open for appending; the only one that is
   */
  public static void appendLine(FileChannel file, byte[] line) throws IOException {
    ByteBuffer remaining = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
    long end = file.size();
    try {
      while (remaining.hasRemaining()) file.write(remaining);
    } catch (IOException full) {
      file.truncate(end);
      throw full;
    }
  }

  /**
   * Writes a little into a directory and takes it away again. One that is gone has room enough.
   *
   * @throws DiskFullException if there is no room, or no writing at all
   */
  public static void requireRoom(Path directory) throws DiskFullException {
    Path probe = directory.resolve(".room." + UUID.randomUUID());
    try {
      try {
        writeFully(probe, new byte[ROOM_BYTES]);
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (NoSuchFileException gone) {
      // Nobody writes there any more.
    } catch (IOException full) {
      throw new DiskFullException(full);
    }
  }

  /** Deletes what a killed service did not finish here. Nobody may be writing meanwhile. */
  public static void deleteUnfinished(Path directory) throws IOException {
    try (DirectoryStream<Path> unfinished =
        Files.newDirectoryStream(
            directory, path -> UNFINISHED.matcher(path.getFileName().toString()).matches())) {
      for (Path path : unfinished) Files.deleteIfExists(path);
    }
  }

  /** A rename survives a power cut only when its directory is on the disk. */
  public static void syncDirectory(Path directory) throws IOException {
    sync(directory);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
