package io.agentledger.command.claude.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a tree that an untrusted agent created: does not follow links, and adds missing
 * permissions to directories.
 */
public final class TreeDeleter extends SimpleFileVisitor<Path> {
  /**
   * Path length, of the kernel's maximum of 4096 bytes, beyond which a directory is moved up before
   * it is deleted.
   */
  private static final int PATH_LENGTH_MAX = 1500;

  private final Path top;
  private final Path retried;
  private final Deque<Path> moved;

  private TreeDeleter(Path top, Path retried, Deque<Path> moved) {
    this.top = top;
    this.retried = retried;
    this.moved = moved;
  }

  /** Deletes everything at and below the path. A missing path is no error. */
  public static void deleteTree(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Deque<Path> moved = new ArrayDeque<>();
      while (deleteNext(path, moved)) {
        // A tree of any depth is deleted in parts whose paths the kernel accepts.
      }
    }
  }

  private static boolean deleteNext(Path top, Deque<Path> moved) throws IOException {
    Path next = moved.isEmpty() ? top : moved.pop();
    if (Files.exists(next, LinkOption.NOFOLLOW_LINKS)) { // Else deleted already.
      Files.walkFileTree(next, new TreeDeleter(top, top.resolveSibling("none"), moved));
    }
    return Files.exists(top, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
      throws IOException {
    if (directory.toString().length() - top.toString().length() < PATH_LENGTH_MAX) {
      return FileVisitResult.CONTINUE;
    }
    Path up = top.resolve("deep-" + UUID.randomUUID());
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    Files.move(directory, up);
    moved.push(up);
    return FileVisitResult.SKIP_SUBTREE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    Files.delete(file);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path path, IOException fault) throws IOException {
    boolean accessDenied =
        fault instanceof AccessDeniedException
            && !path.equals(retried)
            && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    if (!accessDenied) {
      throw fault;
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    Files.walkFileTree(path, new TreeDeleter(top, path, moved)); // once: then it is an error
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault)
      throws IOException {
    if (fault != null) {
      throw fault;
    }
    if (!directory.equals(top) || moved.isEmpty()) {
      Files.delete(directory);
    }
    return FileVisitResult.CONTINUE;
  }
}
