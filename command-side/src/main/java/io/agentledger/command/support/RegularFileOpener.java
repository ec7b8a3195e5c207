package io.agentledger.command.support;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Opens the regular files of one tree for reading, safely against concurrent changes of the tree. A
 * path is resolved once, without opening its target (Linux 5.6, {@code openat2} with {@code
 * O_PATH}): no link is followed, no pipe blocks the reader, no device is accessed, and a program
 * can be started while its file is read. The JDK has no such operation.
 */
public final class RegularFileOpener implements AutoCloseable {
  private static final long OPENAT2 = 437; // On every architecture.
  private static final int CURRENT_DIRECTORY = -100;
  private static final long PATH_AND_CLOSE_ON_EXEC = 0x28_0000;
  private static final long BENEATH_WITHOUT_LINKS = 0x08 | 0x04;
  private static final int ENOENT = 2;
  private static final int EACCES = 13;

  private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_VALUE =
      ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
              FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG),
              Linker.Option.firstVariadicArg(1),
              Linker.Option.captureCallState("errno"));
  private static final MethodHandle CLOSE =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("close"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final int root;

  /**
   * @param root directory that only the service can replace
   */
  public RegularFileOpener(Path root) throws IOException {
    this.root = open(CURRENT_DIRECTORY, NativePath.bytes(root.toAbsolutePath()), 0);
  }

  /**
   * Opens a file.
   *
   * @param file relative to the root
   * @throws FileSystemException if it does not exist, a link is in its path, or it is not a regular
   *     file
   */
  public SeekableByteChannel open(Path file) throws IOException {
    int found =
        open(
            root, NativePath.bytes(Path.of("/").resolve(file)).substring(1), BENEATH_WITHOUT_LINKS);
    try {
      Path opened = Path.of("/proc/self/fd", Integer.toString(found)); // Not affected by renames.
      if (!Files.isRegularFile(opened)) {
        throw new FileSystemException(file.toString(), null, "not a regular file");
      }
      return Files.newByteChannel(opened, StandardOpenOption.READ);
    } finally {
      close(found);
    }
  }

  private static int open(int directory, String path, long resolve) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path, StandardCharsets.ISO_8859_1);
      MemorySegment how = arena.allocateFrom(JAVA_LONG, PATH_AND_CLOSE_ON_EXEC, 0, resolve);
      MemorySegment state = arena.allocate(ERRNO);
      long opened =
          (long) SYSCALL.invokeExact(state, OPENAT2, directory, name, how, how.byteSize());
      if (opened >= 0) {
        return (int) opened;
      }
      throw exception(path, (int) ERRNO_VALUE.get(state, 0L));
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static FileSystemException exception(String path, int number) {
    return switch (number) {
      case ENOENT -> new NoSuchFileException(path);
      case EACCES -> new AccessDeniedException(path);
      default -> new FileSystemException(path, null, "error " + number);
    };
  }

  private static void close(int descriptor) {
    try {
      int ignored = (int) CLOSE.invokeExact(descriptor);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    close(root);
  }
}
