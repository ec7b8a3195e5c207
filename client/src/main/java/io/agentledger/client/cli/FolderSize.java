package io.agentledger.client.cli;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Number and size of the files below a folder; links are not followed.
 *
 * @param complete false if there are more, which were not counted
 */
record FolderSize(long files, long bytes, boolean complete) {
  /** Files that are counted at most. */
  static final long FILES_MAX = 100_000;

  private static final long LARGE_BYTES = 256L << 20;
  private static final long LARGE_FILES = 20_000;

  static FolderSize measure(Path folder) throws IOException {
    var counter = new Counter();
    Files.walkFileTree(folder, counter);
    return new FolderSize(counter.files, counter.bytes, counter.files < FILES_MAX);
  }

  /** Returns whether a copy takes noticeable time and space. */
  boolean isLarge() {
    return bytes > LARGE_BYTES || files > LARGE_FILES;
  }

  @Override
  public String toString() {
    return (complete ? "" : "more than ")
        + ConsoleFormat.count(files, "file")
        + ", "
        + ConsoleFormat.size(bytes);
  }

  private static final class Counter extends SimpleFileVisitor<Path> {
    private long files;
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files++;
      bytes += attributes.size();
      return files < FILES_MAX ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException exception) {
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(
        Path folder, @org.jspecify.annotations.Nullable IOException exception) {
      return FileVisitResult.CONTINUE;
    }
  }
}
