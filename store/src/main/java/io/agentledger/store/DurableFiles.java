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
 * Writes files that exist completely or not at all, also after a crash or on a full disk: written
 * under a temporary name, synced, renamed. Every file that the service writes for itself is written
 * by this class.
 */
public final class DurableFiles {
  private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]+){4}");

  /** Space for some small files and a block of a log. */
  private static final int ROOM_BYTES = 64 * 1024;

  private static final long SPACIOUS_BYTES = 64L * 1024 * 1024;

  private DurableFiles() {}

  /** Creates a file completely, with mode and owner, under a temporary name. */
  @FunctionalInterface
  public interface FileMaker {
    void make(Path unfinished) throws IOException;
  }

  /** Replaces {@code file} in one step, mode 600; on return it is on the disk. */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, bytes, unfinished -> {});
  }

  /** Replaces {@code file} in one step with another mode, {@code rw-r--r--}. */
  public static void write(Path file, byte[] bytes, String mode) throws IOException {
    write(
        file,
        bytes,
        unfinished ->
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString(mode)));
  }

  /**
   * Replaces {@code file} in one step with a mode and owner.
   *
   * @param owned sets mode and owner of the file, which has mode 600
   */
  public static void write(Path file, byte[] bytes, FileMaker owned) throws IOException {
    replace(
        file,
        unfinished -> {
          writeFully(unfinished, bytes);
          owned.make(unfinished);
        });
  }

  /**
   * Replaces {@code file} in one step by the file that {@code maker} creates; on return it is on
   * the disk.
   */
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
   * Appends a line completely or not at all, so that later lines never follow half a line. The line
   * survives the death of this process, not of the machine.
   *
   * @param file open for appending, and the only open channel of the file
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
   * Returns whether the file system of a directory has much free space. Costs much less than {@link
   * #requireRoom}, but notices neither the quota of a user, nor a want of inodes, nor that nothing
   * may be written.
   */
  public static boolean isSpacious(Path directory) {
    return directory.toFile().getUsableSpace() >= SPACIOUS_BYTES;
  }

  /**
   * Writes a small file into a directory and deletes it again. Does nothing if the directory does
   * not exist.
   *
   * @throws DiskFullException if there is no space, or the directory cannot be written
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
      // The directory was deleted, so nothing is written there any more.
    } catch (IOException full) {
      throw new DiskFullException(full);
    }
  }

  /** Deletes temporary files that a killed service left here. No other writer may be active. */
  public static void deleteUnfinished(Path directory) throws IOException {
    try (DirectoryStream<Path> unfinished =
        Files.newDirectoryStream(
            directory, path -> UNFINISHED.matcher(path.getFileName().toString()).matches())) {
      for (Path path : unfinished) Files.deleteIfExists(path);
    }
  }

  /** Syncs a directory: a rename survives a power loss only if its directory is on the disk. */
  public static void syncDirectory(Path directory) throws IOException {
    sync(directory);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
