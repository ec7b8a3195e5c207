package io.agentledger.command.workspace.git;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
 * Limits of one fetch or push: one host, a total time, and numbers of bytes. At the timeout all of
 * its open operations end.
 */
final class GitTransfer extends EmptyProgressMonitor {
  private final HttpClient client;
  private final URI repository;
  private final long endNanos;
  private final Set<InputStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean timedOut;
  private volatile boolean tooLarge;
  private final AtomicLong remaining;
  private final long requestBytesMax;

  /** Creates the limits of a fetch. */
  GitTransfer(HttpClient client, URI repository, Duration timeout, long bytesMax) {
    this(client, repository, timeout, new TransferLimits(bytesMax, TransferLimits.FETCH_REQUEST));
  }

  GitTransfer(HttpClient client, URI repository, Duration timeout, TransferLimits limits) {
    this.client = client;
    this.repository = repository;
    this.endNanos = System.nanoTime() + timeout.toNanos();
    this.remaining = new AtomicLong(limits.receivedBytesMax());
    this.requestBytesMax = limits.requestBytesMax();
  }

  boolean isTimedOut() {
    return timedOut;
  }

  boolean isTooLarge() {
    return tooLarge;
  }

  /** Returns the number of bytes that may still be transferred. */
  long remainingBytes() {
    return remaining.get();
  }

  @Override
  public boolean isCancelled() {
    return timedOut || tooLarge;
  }

  /** Ends the fetch at its timeout. */
  void timeOut() {
    timedOut = true;
    for (var stream : open) close(stream);
  }

  private static void close(InputStream stream) {
    try {
      stream.close();
    } catch (IOException already) {
      // It is closed already.
    }
  }

  URI repository() {
    return repository;
  }

  HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    if (timedOut) throw new IOException("the time limit is exceeded");
    var response = client.sendAsync(request, BodyHandlers.ofInputStream());
    try {
      return response.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      timedOut = true;
      response.cancel(true);
      throw new IOException("the time limit is exceeded", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response.cancel(true);
      throw new IOException("interrupted", e);
    }
  }

  /** Returns a stream that limits the size of a request's body, which is kept in memory. */
  OutputStream boundedStream(ByteArrayOutputStream body) {
    return new FilterOutputStream(body) {
      @Override
      public void write(int one) throws IOException {
        require(1);
        body.write(one);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        require(length);
        body.write(from, offset, length);
      }

      private void require(int length) throws IOException {
        if (body.size() + (long) length <= requestBytesMax) return;
        tooLarge = true;
        throw new IOException("the request is too large");
      }
    };
  }

  /** Returns a stream that counts the transferred bytes. */
  InputStream countingStream(InputStream body) {
    open.add(body);
    if (timedOut) close(body);
    return new CountingInputStream(body);
  }

  private final class CountingInputStream extends FilterInputStream {
    CountingInputStream(InputStream body) {
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
      if (remaining.addAndGet(-bytes) >= 0) return;
      tooLarge = true;
      throw new IOException("the repository is too large");
    }

    @Override
    public void close() throws IOException {
      open.remove(in);
      super.close();
    }
  }
}
