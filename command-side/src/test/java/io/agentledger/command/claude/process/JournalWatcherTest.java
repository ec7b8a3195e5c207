package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalWatcherTest {
  private static final int TIMEOUT_SECONDS = 10;

  @TempDir private Path directory;
  @TempDir private Path other;
  private final JournalWatcher watcher;

  JournalWatcherTest() throws IOException {
    watcher = new JournalWatcher();
  }

  @BeforeEach
  void createOutput() throws IOException {
    append(directory, "out");
    append(other, "out");
  }

  @AfterEach
  void close() {
    watcher.close();
  }

  @Test
  void outputWakesTheReaderOfItsDirectory() throws Exception {
    Reader reader = new Reader(directory);
    append(directory, "out");
    reader.awaitWake();
  }

  @Test
  void theExitStatusWakesTheReader() throws Exception {
    Reader reader = new Reader(directory);
    Path unfinished = Files.writeString(directory.resolve(".exit"), "0");
    Files.move(unfinished, directory.resolve("exit"));
    reader.awaitWake();
  }

  @Test
  void otherFilesAndDirectoriesWakeNobody() throws Exception {
    Reader reader = new Reader(directory);
    Reader witness = new Reader(other);
    append(directory, "beat");
    append(directory, "output");
    append(other, "out");
    witness.awaitWake(); // Changes are handled in their order.
    append(directory, "out");
    reader.awaitWake();
    append(other, "out");
    witness.awaitWake();
    assertThat(reader.wakes.availablePermits()).isZero();
  }

  @Test
  void theLastReaderOfADirectoryStaysWhenTheOneBeforeItUnregisters() throws Exception {
    Reader first = new Reader(directory);
    Reader second = new Reader(directory);
    first.unregister();
    append(directory, "out");
    second.awaitWake();
  }

  @Test
  void aDirectoryCanBeDeletedWhileItIsWatched() throws Exception {
    Path deleted = Files.createDirectory(directory.resolve("deleted"));
    Reader reader = new Reader(deleted);
    Files.delete(deleted);
    reader.unregister();
    Reader witness = new Reader(other);
    append(other, "out");
    witness.awaitWake();
  }

  @Test
  void closingWakesReadersAndRefusesOthers() throws Exception {
    Reader reader = new Reader(directory);
    watcher.close();
    reader.awaitWake();
    reader.unregister();
    assertThatThrownBy(() -> watcher.register(directory)).isInstanceOf(IOException.class);
  }

  private static void append(Path directory, String file) throws IOException {
    Files.writeString(
        directory.resolve(file), "line\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Thread that counts how often it is woken after its registration. */
  private final class Reader {
    private final Semaphore wakes = new Semaphore(0);
    private final CountDownLatch registered = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean ends;

    Reader(Path watched) throws InterruptedException {
      thread = Thread.ofPlatform().daemon().start(() -> run(watched));
      assertThat(registered.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void run(Path watched) {
      try {
        int watch = watcher.register(watched);
        registered.countDown();
        while (!ends) {
          LockSupport.park(this);
          wakes.release();
        }
        watcher.unregister(watch);
      } catch (IOException unregistered) {
        throw new AssertionError(unregistered);
      }
    }

    void awaitWake() throws InterruptedException {
      assertThat(wakes.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    void unregister() throws InterruptedException {
      ends = true;
      LockSupport.unpark(thread);
      thread.join(TimeUnit.SECONDS.toMillis(TIMEOUT_SECONDS));
      assertThat(thread.isAlive()).isFalse();
    }
  }
}
