package io.agentledger.command.claude.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Measures the size of an agent's files by their lengths: sparse files count in full. A directory
 * has the size of a block, because empty ones use disk, too. A link has no size and is not
 * followed, but it counts as an entry, as does each additional hard link. Files that disappear
 * meanwhile are ignored.
 */
public final class DiskUsage {
  /** Size of each directory below the measured one. */
  public static final long DIRECTORY_BYTES = 4096;

  /** Maximum length of a path that is measured, of the kernel's maximum of 4096 bytes. */
  private static final int PATH_BYTES_MAX = 3800;

  private static final String DELETED = " (deleted)";
  private static final String MEMORY = "/memfd:";

  private DiskUsage() {}

  /** Thrown if a path in the tree is too long to be read. */
  public static final class PathTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    PathTooLongException(Exception cause) {
      super("a directory is nested too deeply to be read", cause);
    }
  }

  /**
   * Size and number of the entries below a directory.
   *
   * @param bytes the lengths of all files, and those of the directories
   * @param entries files, folders, links, and all other entries
   */
  public record TreeUsage(long bytes, long entries) {
    /** Returns the sum of both. */
    public TreeUsage plus(TreeUsage other) {
      return new TreeUsage(bytes + other.bytes, entries + other.entries);
    }
  }

  /** Returns whether an absolute path is too long to be measured. */
  public static boolean isTooLong(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX;
  }

  /** Returns the maximum length of paths below a directory that can be measured. */
  public static int pathBytesMax(Path directory) {
    return PATH_BYTES_MAX
        - directory.resolve("x").toString().getBytes(StandardCharsets.UTF_8).length
        + 1;
  }

  /** Returns the size of all files and directories below the directory. */
  public static long bytes(Path tree) throws IOException {
    return measure(tree, Long.MAX_VALUE).bytes();
  }

  /**
   * Measures everything below the directory. Only one directory is open at a time, because an
   * agent's tree may be so deep that a recursive walk would use up all file descriptors.
   *
   * @param entriesMax number of entries at which the measurement stops
   */
  public static TreeUsage measure(Path tree, long entriesMax) throws IOException {
    TreeUsage usage = new TreeUsage(0, 0);
    Deque<Path> remaining = new ArrayDeque<>(List.of(tree));
    while (!remaining.isEmpty() && usage.entries() <= entriesMax) {
      usage = usage.plus(measure(remaining.pop(), remaining, entriesMax - usage.entries()));
    }
    return usage;
  }

  private static TreeUsage measure(Path folder, Deque<Path> remaining, long entriesMax)
      throws IOException {
    long bytes = 0;
    long count = 0;
    try (var entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (++count > entriesMax) {
          break;
        }
        var found = attributes(entry);
        if (found.filter(BasicFileAttributes::isDirectory).isPresent()) {
          remaining.push(entry);
          bytes += DIRECTORY_BYTES;
        }
        bytes +=
            found
                .filter(BasicFileAttributes::isRegularFile)
                .map(BasicFileAttributes::size)
                .orElse(0L);
      }
    } catch (FileSystemException | DirectoryIteratorException gone) {
      if (isTooLong(folder)) {
        throw new PathTooLongException(gone);
      }
    }
    return new TreeUsage(bytes, count);
  }

  private static Optional<BasicFileAttributes> attributes(Path entry) throws IOException {
    try {
      return Optional.of(
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (FileSystemException gone) {
      if (isTooLong(entry)) {
        throw new PathTooLongException(gone);
      }
      return Optional.empty();
    }
  }

  /**
   * Returns the size of deleted files that these processes still hold open, because they still
   * occupy the disk.
   */
  public static long deletedFileBytes(Stream<ProcessHandle> processes) {
    Set<Object> countedFiles = new HashSet<>();
    return processes
        .map(process -> Path.of("/proc", Long.toString(process.pid()), "fd"))
        .mapToLong(descriptors -> deletedFileBytes(descriptors, countedFiles))
        .sum();
  }

  private static long deletedFileBytes(Path descriptors, Set<Object> countedFiles) {
    long bytes = 0;
    try (var all = Files.newDirectoryStream(descriptors)) {
      for (Path descriptor : all) {
        bytes +=
            deletedFile(descriptor)
                .filter(file -> countedFiles.add(fileKey(file)))
                .map(BasicFileAttributes::size)
                .orElse(0L);
      }
    } catch (IOException gone) {
      return bytes;
    }
    return bytes;
  }

  private static Object fileKey(BasicFileAttributes file) {
    return file.fileKey();
  }

  private static Optional<BasicFileAttributes> deletedFile(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      if (!target.endsWith(DELETED) || target.startsWith(MEMORY)) {
        return Optional.empty();
      }
      // Follows the descriptor to the open file, not to its former path.
      return Optional.of(Files.readAttributes(descriptor, BasicFileAttributes.class))
          .filter(BasicFileAttributes::isRegularFile);
    } catch (IOException closed) {
      return Optional.empty();
    }
  }
}
