package io.agentledger.command.claude.process;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Writes whole lines into the FIFO of one CLI, one after the other, on a platform thread that lives
 * while there is something to write. (JDK 25 hangs whoever interrupts or closes a virtual thread's
 * blocked write.) A write that was broken off may have left half a line: then the writer is broken
 * for good, and its process must be ended.
 */
final class LineWriter implements AutoCloseable {
  private static final int IDLE_SECONDS = 1;
  private static final long POLL_MILLIS = 100;

  private final FileChannel fifo;
  private final Timeouts timeouts;
  private final BooleanSupplier ready;
  private final ThreadPoolExecutor writer;
  private volatile boolean broken;

  /**
   * Timeouts of one write.
   *
   * @param start how long a CLI may take to be ready
   * @param read how long a CLI that is ready may leave a line unread
   */
  record Timeouts(Duration start, Duration read) {}

  /**
   * @param ready whether the CLI reads its input, as far as it has shown
   */
  LineWriter(Path fifo, Timeouts timeouts, BooleanSupplier ready) throws IOException {
    this.fifo = open(fifo);
    this.timeouts = timeouts;
    this.ready = ready;
    this.writer =
        new ThreadPoolExecutor(
            0,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("claude-writer").factory());
  }

  /** O_WRONLY blocks until there is a reader and O_RDWR never does: open both, keep the first. */
  private static FileChannel open(Path fifo) throws IOException {
    if (!Files.readAttributes(fifo, BasicFileAttributes.class).isOther()) {
      throw new IOException(fifo + " is no FIFO");
    }
    try (FileChannel ignored =
        FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return FileChannel.open(fifo, StandardOpenOption.WRITE);
    }
  }

  /**
   * Writes one line and returns when the CLI's pipe has taken it.
   *
   * @param line without its newline
   * @throws IOException if the CLI is gone, or has not read in time
   */
  void write(String line) throws IOException {
    if (broken) {
      throw new IOException("an earlier line was broken off");
    }
    Future<?> writing = writer.submit(() -> writeFully(line + "\n"), null);
    try {
      awaitWritten(writing);
    } catch (TimeoutException silent) {
      broken = true;
      writing.cancel(true); // the platform thread leaves its write with ClosedByInterruptException
      throw new IOException(silent.getMessage(), silent);
    } catch (ExecutionException failed) {
      broken = true;
      throw new IOException("the CLI takes no input", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted; the line may yet be written");
    }
  }

  /** On a busy machine a CLI may need longer to start than it may leave a line unread. */
  private void awaitWritten(Future<?> writing)
      throws InterruptedException, ExecutionException, TimeoutException {
    long begun = System.nanoTime();
    long readyAt = begun;
    while (true) {
      try {
        writing.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException unread) {
        long now = System.nanoTime();
        if (!ready.getAsBoolean()) {
          readyAt = now;
          if (now - begun > timeouts.start().toNanos())
            throw new TimeoutException("the CLI has not started within " + timeouts.start());
        } else if (now - readyAt > timeouts.read().toNanos()) {
          throw new TimeoutException("the CLI has not read for " + timeouts.read());
        }
      }
    }
  }

  private void writeFully(String line) {
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        fifo.write(bytes);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  boolean isBroken() {
    return broken;
  }

  /** Leaves the FIFO; the keeper holds it open for the next writer. */
  @Override
  public void close() throws IOException {
    writer.shutdownNow();
    fifo.close();
  }
}
