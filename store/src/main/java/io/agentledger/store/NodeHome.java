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
 * The directory that a node lives in. One service at a time: the lock is held until it is closed,
 * and the operating system lets go of it when the process dies.
 */
public final class NodeHome implements AutoCloseable {
  /** Others may pass through to what is opened for them, and see nothing. */
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

  /** Makes the directory if need be, and moves in; fails when another service lives there. */
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
      file.close(); // With it goes the lock.
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Held by this very process: a second service in it is a second one, too.
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
      throw new IOException("everybody may write there; a home belongs to its service alone");
    if (mode.addAll(PosixFilePermissions.fromString(TRAVERSABLE)))
      Files.setPosixFilePermissions(root, mode);
  }

  /** Absolute and normal. */
  public Path root() {
    return root;
  }

  /** This node's name, the same after every restart. */
  public String node() {
    return node;
  }

  /** The embedded server's own. */
  public Path database() {
    return privateDirectory("database");
  }

  /** Content that is too large for events. */
  public Path content() {
    return privateDirectory("content");
  }

  /** Secrets; every file in it is of mode 600. */
  public Path keys() {
    return privateDirectory("keys");
  }

  /** The sub-directory {@code name}, for the service's own user only; made when it is missing. */
  public Path privateDirectory(String name) {
    return createDirectory(name, PRIVATE);
  }

  /** The sub-directory {@code name}, through which others may pass; made when it is missing. */
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

  /** Moves out: another service may move in. */
  @Override
  public void close() {
    try (lockFile) {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Two services, one home: the second does not start. */
  public static final class HomeInUseException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    HomeInUseException(Path root) {
      super(
          "another Agentledger service uses "
              + root
              + "; stop it, or give this one a home of its own (AGENTLEDGER_HOME)");
    }
  }
}
