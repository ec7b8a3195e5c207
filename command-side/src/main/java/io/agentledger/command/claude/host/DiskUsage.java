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
 * Measures the size of an agent's files by their lengths: sparse files count in full. A link has no
 * size and is not followed, but it is an entry, as each further name of a file is. Files that
 * vanish meanwhile are ignored.
 */
public final class DiskUsage {
  private static final String DELETED = " (deleted)";
  private static final String MEMORY = "/memfd:";
  private static final int NAME_BYTES_MAX = 3800; // of the 4096 that the kernel takes

  private DiskUsage() {}

  /** Part of a tree has so long a name that nobody can look at it. */
  public static final class PathTooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    PathTooLongException(Exception cause) {
      super("a folder lies too deep to be looked at", cause);
    }
  }

  /**
   * Size and number of the entries below a directory.
   *
   * @param bytes the lengths of all files
   * @param entries files, folders, links, and whatever else has a name
   */
  public record TreeUsage(long bytes, long entries) {
    /** Both together. */
    public TreeUsage plus(TreeUsage other) {
      return new TreeUsage(bytes + other.bytes, entries + other.entries);
    }
  }

  /** The lengths of all files below the folder. */
  public static long bytes(Path tree) throws IOException {
    return measure(tree, Long.MAX_VALUE).bytes();
  }

  /**
   * Of all that is below the folder. One folder is open at a time: an agent's tree may be so deep
   * that a walk down would take every descriptor that there is.
   *
   * @param entriesMax beyond which it looks no further
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
        }
        bytes +=
            found
                .filter(BasicFileAttributes::isRegularFile)
                .map(BasicFileAttributes::size)
                .orElse(0L);
      }
    } catch (FileSystemException | DirectoryIteratorException gone) {
      if (folder.toString().getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
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
      if (entry.toString().getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
        throw new PathTooLongException(gone);
      }
      return Optional.empty();
    }
  }

  /**
   * Of files that have no name any more and are held open by these processes: the disk is taken all
   * the same.
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
      // Followed: it leads to the file, not to where its name was.
      return Optional.of(Files.readAttributes(descriptor, BasicFileAttributes.class))
          .filter(BasicFileAttributes::isRegularFile);
    } catch (IOException closed) {
      return Optional.empty();
    }
  }
}
