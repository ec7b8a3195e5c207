package io.agentledger.command.workspace.git;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/**
 * Everything that one fetch sends and takes: from one host, in a time, and up to so many bytes.
 * When its time is over, whatever it waits for ends.
 */
final class GitTransfer extends EmptyProgressMonitor {
  private final HttpClient client;
  private final URI repository;
  private final long endNanos;
  private final Set<InputStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean late;
  private volatile boolean tooLarge;
  private final AtomicLong left;

  GitTransfer(HttpClient client, URI repository, Duration timeout, long bytesMax) {
    this.client = client;
    this.repository = repository;
    this.endNanos = System.nanoTime() + timeout.toNanos();
    this.left = new AtomicLong(bytesMax);
  }

  boolean isLate() {
    return late;
  }

  boolean isTooLarge() {
    return tooLarge;
  }

  /** How many more bytes there may be. */
  long left() {
    return left.get();
  }

  @Override
  public boolean isCancelled() {
    return late || tooLarge;
  }

  /** Its time is over. */
  void end() {
    late = true;
    for (var stream : open) close(stream);
  }

  private static void close(InputStream stream) {
    try {
      stream.close();
    } catch (IOException already) {
      // It is closed.
    }
  }

  URI repository() {
    return repository;
  }

  HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    if (late) throw new IOException("its time is over");
    var sent = client.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      return sent.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException slow) {
      late = true;
      sent.cancel(true);
      throw new IOException("its time is over", slow);
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      sent.cancel(true);
      throw new IOException("interrupted", stopping);
    }
  }

  /** What comes, counted. */
  InputStream counted(InputStream body) {
    open.add(body);
    if (late) close(body);
    return new Counted(body);
  }

  private final class Counted extends FilterInputStream {
    Counted(InputStream body) {
      super(body);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      if (one >= 0) consume(1);
      return one;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      int n = super.read(to, offset, length);
      if (n > 0) consume(n);
      return n;
    }

    private void consume(int bytes) throws IOException {
      if (left.addAndGet(-bytes) >= 0) return;
      tooLarge = true;
      throw new IOException("it is too large");
    }

    @Override
    public void close() throws IOException {
      open.remove(in);
      super.close();
    }
  }
}
