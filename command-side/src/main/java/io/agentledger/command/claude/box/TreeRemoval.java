package io.agentledger.command.claude.box;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Deletes a tree that an agent may have arranged: links are not followed, closed doors opened. */
public final class TreeRemoval extends SimpleFileVisitor<Path> {
  private final Path opened;

  private TreeRemoval(Path opened) {
    this.opened = opened;
  }

  /** Deletes everything at and below the path. Nothing there is no error. */
  public static void remove(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.walkFileTree(path, new TreeRemoval(path.resolveSibling("none")));
    }
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    Files.delete(file);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path path, IOException fault) throws IOException {
    boolean closed =
        fault instanceof AccessDeniedException
            && !path.equals(opened)
            && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    if (!closed) {
      throw fault;
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    Files.walkFileTree(path, new TreeRemoval(path)); // once: a door that stays closed is a fault
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException fault)
      throws IOException {
    if (fault != null) {
      throw fault;
    }
    Files.delete(directory);
    return FileVisitResult.CONTINUE;
  }
}
