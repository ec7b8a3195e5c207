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
 * Writes whole lines into the FIFO of one CLI, one after the other, on a platform thread that
 * exists only while there is something to write. (With JDK 25 a thread that interrupts or closes
 * the blocked write of a virtual thread hangs.) A write that was interrupted may have left half a
 * line: then the writer stays unusable, and its process must be ended.
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
   * @param ready whether the CLI is known to read its input
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
      throw new IOException(fifo + " is not a FIFO");
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
   * @throws IOException if the CLI has ended, or does not read the line in time
   */
  void write(String line) throws IOException {
    if (broken) {
      throw new IOException("an earlier line was written only in part");
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
      throw new IOException("the CLI does not read its input", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted; the line may still be written");
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

  /** Closes this write end; the supervisor script keeps the FIFO open for the next writer. */
  @Override
  public void close() throws IOException {
    writer.shutdownNow();
    fifo.close();
  }
}
