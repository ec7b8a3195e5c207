package io.agentledger.command.claude.process;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.agentledger.command.support.NativePath;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the readers of all journals, with one inotify instance and one thread, which calls the
 * system itself: the watch service of the JDK has two threads for each change, and objects for each
 * event. Works on local file systems only. Thread-safe.
 */
public final class JournalWatcher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JournalWatcher.class);

  private static final int CLOSE_ON_EXEC = 0x80000;
  private static final int MODIFIED = 0x2;
  private static final int MOVED_HERE = 0x80;
  private static final int CREATED = 0x100;
  private static final int DELETED_ITSELF = 0x400;
  private static final int EINTR = 4;
  private static final int ENFILE = 23;
  private static final int EMFILE = 24;
  private static final int ENOSPC = 28;

  /** Watch of nothing. */
  static final int NONE = -2;

  /** Watch of events that were lost. */
  private static final int ALL = -1;

  /** Layout of an event: watch, mask, cookie, length of the name, name. */
  private static final int LENGTH_OFFSET = 12;

  private static final int NAME_OFFSET = 16;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Files by which a process reports its output and its end, as the system names them. */
  private static final long OUT = firstBytes(ClaudeProcess.OUT);

  private static final long EXIT = firstBytes(ClaudeProcess.EXIT);

  private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_VALUE =
      ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle INIT =
      function("inotify_init1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle ADD_WATCH =
      function("inotify_add_watch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle REMOVE_WATCH =
      function("inotify_rm_watch", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private final Map<Integer, Thread> readers = new ConcurrentHashMap<>();
  private final int descriptor;

  /** Watch whose removal wakes the thread. */
  private final int closing;

  private boolean closed;

  public JournalWatcher() throws IOException {
    this.descriptor = initialize();
    try {
      this.closing = watch(Path.of("/"), DELETED_ITSELF);
    } catch (IOException failed) {
      closeDescriptor();
      throw failed;
    }
    Thread.ofPlatform().daemon().name("journal-watch").start(this::loop);
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }

  /**
   * Registers the calling thread, which is unparked whenever the process of the directory reports
   * something, until it unregisters, or another thread registers for the directory.
   *
   * @return the watch
   */
  synchronized int register(Path directory) throws IOException {
    if (closed) throw new IOException("the service stops");
    int watch = watch(directory, MODIFIED | CREATED | MOVED_HERE);
    readers.put(watch, Thread.currentThread());
    return watch;
  }

  /** Unregisters the calling thread. */
  synchronized void unregister(int watch) {
    if (readers.remove(watch, Thread.currentThread()) && !closed) remove(watch);
  }

  private void loop() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(ERRNO);
      MemorySegment buffer = arena.allocate(BUFFER_BYTES, Long.BYTES);
      while (!isClosed()) wake(buffer, read(buffer, state));
      closeDescriptor();
      readers.values().forEach(LockSupport::unpark);
    } catch (IOException broken) { // Readers look twice a second, and register as before.
      log.atError().setCause(broken).log("output of processes is read up to half a second later");
    }
  }

  private void wake(MemorySegment buffer, long end) {
    Thread last = null;
    for (long at = 0; at < end; at += NAME_OFFSET + buffer.get(INT, at + LENGTH_OFFSET)) {
      int watch = buffer.get(INT, at);
      if (watch == ALL) readers.values().forEach(LockSupport::unpark);
      Thread reader = readers.get(watch);
      if (reader == null || reader.equals(last) || !isReport(buffer, at)) continue;
      LockSupport.unpark(reader);
      last = reader;
    }
  }

  private static boolean isReport(MemorySegment buffer, long at) {
    if (buffer.get(INT, at + LENGTH_OFFSET) == 0) return false; // Of the directory itself.
    long name = buffer.get(LONG, at + NAME_OFFSET);
    return name == OUT || name == EXIT;
  }

  /** Returns the first bytes of a name, which zeros follow up to a multiple of 16. */
  private static long firstBytes(String name) {
    byte[] padded = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), Long.BYTES);
    return MemorySegment.ofArray(padded).get(LONG, 0);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private static int initialize() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(ERRNO);
      return require((int) INIT.invokeExact(state, CLOSE_ON_EXEC), "inotify", state);
    } catch (Throwable failure) {
      throw rethrow(failure);
    }
  }

  private int watch(Path directory, int events) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(ERRNO);
      MemorySegment name = NativePath.allocate(arena, directory.toAbsolutePath());
      int watch = (int) ADD_WATCH.invokeExact(state, descriptor, name, events);
      return require(watch, directory.toString(), state);
    } catch (Throwable failure) {
      throw rethrow(failure);
    }
  }

  private void remove(int watch) {
    try (Arena arena = Arena.ofConfined()) { // The watch of a deleted directory has gone.
      int ignored = (int) REMOVE_WATCH.invokeExact(arena.allocate(ERRNO), descriptor, watch);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private long read(MemorySegment buffer, MemorySegment state) throws IOException {
    try {
      long count = (long) READ.invokeExact(state, descriptor, buffer, buffer.byteSize());
      if (count >= 0) return count;
      return (int) ERRNO_VALUE.get(state, 0L) == EINTR ? 0 : require(-1, "inotify", state);
    } catch (Throwable failure) {
      throw rethrow(failure);
    }
  }

  private void closeDescriptor() {
    try (Arena arena = Arena.ofConfined()) {
      int ignored = (int) CLOSE.invokeExact(arena.allocate(ERRNO), descriptor);
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static int require(int result, String file, MemorySegment state) throws IOException {
    if (result >= 0) return result;
    int error = (int) ERRNO_VALUE.get(state, 0L);
    throw new FileSystemException(
        file,
        null,
        switch (error) {
          case EMFILE, ENFILE -> "limit of open files (ulimit -n, fs.inotify.max_user_instances)";
          case ENOSPC -> "limit of watches (fs.inotify.max_user_watches)";
          default -> "error " + error;
        });
  }

  private static IOException rethrow(Throwable failure) {
    return switch (failure) {
      case IOException io -> io;
      case RuntimeException runtime -> throw runtime;
      case Error error -> throw error;
      default -> throw new IllegalStateException(failure);
    };
  }

  /** Ends the thread, which wakes all readers. */
  @Override
  public synchronized void close() {
    if (closed) return;
    closed = true;
    remove(closing);
  }
}
