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

/**
 * Writes whole lines into the FIFO of one CLI, one after the other, on a platform thread that lives
 * while there is something to write. (JDK 25 hangs whoever interrupts or closes a virtual thread's
 * blocked write.) A write that was broken off may have left half a line: then the writer is broken
 * for good, and its process must be ended.
 */
final class LineWriter implements AutoCloseable {
  private static final int IDLE_SECONDS = 1;

  private final FileChannel fifo;
  private final ThreadPoolExecutor writer;
  private volatile boolean broken;

  LineWriter(Path fifo) throws IOException {
    this.fifo = open(fifo);
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
   * @throws IOException if the CLI is gone, or has not read within the patience
   */
  void write(String line, Duration timeout) throws IOException {
    if (broken) {
      throw new IOException("an earlier line was broken off");
    }
    Future<?> writing = writer.submit(() -> writeFully(line + "\n"), null);
    try {
      writing.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException silent) {
      broken = true;
      writing.cancel(true); // the platform thread leaves its write with ClosedByInterruptException
      throw new IOException("the CLI has not read for " + timeout, silent);
    } catch (ExecutionException failed) {
      broken = true;
      throw new IOException("the CLI takes no input", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted; the line may yet be written");
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
