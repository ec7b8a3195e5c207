package io.agentledger.command.support;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;

/**
 * Opens folders of trees that somebody may rearrange meanwhile: each one relative to the one before
 * it, and no link is followed, so that whatever is done is done inside.
 */
public final class SecureDirectories {
  private SecureDirectories() {}

  /** What is done in a folder that is open. */
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
}
