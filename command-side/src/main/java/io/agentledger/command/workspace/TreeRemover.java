package io.agentledger.command.workspace;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Deletes a copied tree, including directories without permissions; follows no link. */
public final class TreeRemover extends SimpleFileVisitor<Path> {
  private TreeRemover() {}

  /** Deletes the tree if it exists. */
  public static void remove(Path tree) throws IOException {
    if (Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) Files.walkFileTree(tree, new TreeRemover());
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    Files.delete(file);
    return FileVisitResult.CONTINUE;
  }

  /** Adds permissions to a directory that cannot be listed, and visits it again. */
  @Override
  public FileVisitResult visitFileFailed(Path folder, IOException closed) throws IOException {
    if (Files.isReadable(folder)) throw closed;
    makeAccessible(folder);
    Files.walkFileTree(folder, this);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
      throws IOException {
    makeAccessible(folder);
    return FileVisitResult.CONTINUE;
  }

  private static void makeAccessible(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
      throws IOException {
    if (e != null) throw e;
    Files.delete(folder);
    return FileVisitResult.CONTINUE;
  }
}
