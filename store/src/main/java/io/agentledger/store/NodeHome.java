package io.agentledger.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Home directory of a node. Used by one service at a time: a lock is held until it is closed, and
 * the operating system releases it when the process dies.
 */
public final class NodeHome implements AutoCloseable {
  /** Mode by which other users can traverse the directory but not list it. */
  private static final String TRAVERSABLE = "rwx--x--x";

  private static final String PRIVATE = "rwx------";

  private final Path root;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final String node;

  private NodeHome(Path root, FileChannel lockFile, FileLock lock, String node) {
    this.root = root;
    this.lockFile = lockFile;
    this.lock = lock;
    this.node = node;
  }

  /** Opens the home directory and creates it if necessary; fails if another service uses it. */
  public static NodeHome of(Path directory) {
    Path root = directory.toAbsolutePath().normalize();
    try {
      makeTraversable(root);
      return lock(root.toRealPath());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + root + " as home: " + e.getMessage(), e);
    }
  }

  private static NodeHome lock(Path root) throws IOException {
    FileChannel file =
        FileChannel.open(
            root.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    FileLock lock = tryLock(file);
    if (lock == null) {
      file.close();
      throw new HomeInUseException(root);
    }
    try {
      DurableFiles.deleteUnfinished(root);
      return new NodeHome(root, file, lock, NodeName.loadOrCreate(root));
    } catch (IOException e) {
      file.close(); // Closing the channel releases the lock.
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // The lock is held by this process: a second service in it is refused, too.
    }
  }

  private static void makeTraversable(Path root) throws IOException {
    if (Files.notExists(root)) {
      Path parent = root.getParent();
      if (parent != null) Files.createDirectories(parent);
      Files.createDirectory(root);
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(TRAVERSABLE));
      return;
    }
    Set<PosixFilePermission> mode = EnumSet.copyOf(Files.getPosixFilePermissions(root));
    if (mode.contains(PosixFilePermission.OTHERS_WRITE))
      throw new IOException(
          "every user may write there; only the service may write to a home directory");
    if (mode.addAll(PosixFilePermissions.fromString(TRAVERSABLE)))
      Files.setPosixFilePermissions(root, mode);
  }

  /** Returns the absolute, normalized path. */
  public Path root() {
    return root;
  }

  /** Returns this node's name, which stays the same after restarts. */
  public String node() {
    return node;
  }

  /** Returns the directory of the embedded server. */
  public Path database() {
    return privateDirectory("database");
  }

  /** Returns the directory of content that is too large for events. */
  public Path content() {
    return privateDirectory("content");
  }

  /** Returns the directory of secrets; every file in it has mode 600. */
  public Path keys() {
    return privateDirectory("keys");
  }

  /**
   * Returns the sub-directory {@code name}, accessible for the service's user only; created if
   * missing.
   */
  public Path privateDirectory(String name) {
    return createDirectory(name, PRIVATE);
  }

  /** Returns the sub-directory {@code name}, which other users can traverse; created if missing. */
  public Path traversableDirectory(String name) {
    return createDirectory(name, TRAVERSABLE);
  }

  private Path createDirectory(String name, String mode) {
    Path directory = root.resolve(name);
    try {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + directory + ": " + e.getMessage(), e);
    }
  }

  /** Releases the lock; another service may use the directory. */
  @Override
  public void close() {
    try (lockFile) {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Thrown when another service uses the same home directory. */
  public static final class HomeInUseException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    HomeInUseException(Path root) {
      super(
          "another Agentledger service uses "
              + root
              + "; stop it, or set another home directory (AGENTLEDGER_HOME)");
    }
  }
}
