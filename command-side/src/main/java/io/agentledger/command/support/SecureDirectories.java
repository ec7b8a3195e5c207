package io.agentledger.command.support;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Set;

/**
 * Opens directories of trees that may be changed concurrently: each one relative to its open parent
 * and without following links, so that operations cannot leave the tree.
 */
public final class SecureDirectories {
  private SecureDirectories() {}

  /** Operation in an open directory. */
  public interface SecureDirectoryOperation<T> {
    T run(SecureDirectoryStream<Path> folder) throws IOException;
  }

  /** Opens the root, which only the service can replace. The caller closes it. */
  public static SecureDirectoryStream<Path> open(Path root) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(root);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("this file system cannot open folders relative to one another");
  }

  /** Opens a subdirectory. The caller closes it. */
  public static SecureDirectoryStream<Path> open(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    return in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Opens a directory below the root and executes an operation in it.
   *
   * @throws java.nio.file.FileSystemException if a path segment does not exist, or is not a
   *     directory
   */
  public static <T> T inDirectory(
      Path root, List<Path> steps, SecureDirectoryOperation<T> secureDirectoryOperation)
      throws IOException {
    try (var top = open(root)) {
      return descend(top, steps, secureDirectoryOperation);
    }
  }

  private static <T> T descend(
      SecureDirectoryStream<Path> in,
      List<Path> steps,
      SecureDirectoryOperation<T> secureDirectoryOperation)
      throws IOException {
    if (steps.isEmpty()) {
      return secureDirectoryOperation.run(in);
    }
    try (var next = open(in, steps.getFirst())) {
      return descend(next, steps.subList(1, steps.size()), secureDirectoryOperation);
    }
  }

  /** Returns the attributes of an entry; of a link itself, not of its target. */
  public static PosixFileAttributes readAttributes(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    return in.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /**
   * Opens a file in the directory for reading. It is also opened for writing, though nothing is
   * written, because a pipe would block a mere reader for ever. A channel that is not seekable is
   * not a file.
   */
  public static SeekableByteChannel openFile(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    Set<OpenOption> both =
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      return folder.newByteChannel(name, both);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (AccessDeniedException readOnly) {
      return folder.newByteChannel(
          name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    } catch (FileSystemException running) { // "Text file busy": a program that is running.
      return folder.newByteChannel(
          name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }
  }

  /** Returns whether the channel is seekable; false for a pipe. */
  public static boolean isSeekable(SeekableByteChannel channel) {
    try {
      channel.position(0);
      return true;
    } catch (IOException pipe) {
      return false;
    }
  }
}
