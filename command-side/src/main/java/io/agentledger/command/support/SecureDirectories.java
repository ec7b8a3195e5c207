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
 * Opens folders of trees that somebody may rearrange meanwhile: each one relative to the one before
 * it, and no link is followed, so that whatever is done is done inside.
 */
public final class SecureDirectories {
  private SecureDirectories() {}

  /** Operation in an open directory. */
  public interface SecureDirectoryOperation<T> {
    T run(SecureDirectoryStream<Path> folder) throws IOException;
  }

  /** The first one, which nobody but the service can exchange; the caller closes it. */
  public static SecureDirectoryStream<Path> open(Path root) throws IOException {
    DirectoryStream<Path> stream = Files.newDirectoryStream(root);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    stream.close();
    throw new IOException("this file system cannot open folders relative to one another");
  }

  /** One in it; the caller closes it. */
  public static SecureDirectoryStream<Path> open(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    return in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Goes down from the root and does something there.
   *
   * @throws java.nio.file.FileSystemException if a step is not there, or is no folder
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

  /** What stands there: of a link itself, not of what it names. */
  public static PosixFileAttributes readAttributes(SecureDirectoryStream<Path> in, Path name)
      throws IOException {
    return in.getFileAttributeView(name, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /**
   * Opens a file in it, for reading. Opened for writing, too, though nothing is written: a pipe
   * that was put there a moment ago would hold a mere reader up for ever. What has no position is
   * no file.
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
    } catch (FileSystemException running) { // "Text file busy": a program that is being run.
      return folder.newByteChannel(
          name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }
  }

  /** False for a pipe. */
  public static boolean isSeekable(SeekableByteChannel channel) {
    try {
      channel.position(0);
      return true;
    } catch (IOException pipe) {
      return false;
    }
  }
}
