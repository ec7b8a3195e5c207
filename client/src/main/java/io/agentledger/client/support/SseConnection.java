package io.agentledger.client.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a stream of server-sent events. When none come for longer than they may, it is
 * closed and reading it fails: a connection that died silently is found out. One thread connects
 * and reads, any may close.
 */
public final class SseConnection extends InputStream {
  private final Future<HttpResponse<InputStream>> connecting;
  private final Duration silence;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable InputStream body;
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean silent;

  /** Begins to connect to {@code path} behind the fact {@code after}. */
  public SseConnection(ApiHttpClient http, String path, long after, Duration silence) {
    this.silence = silence;
    this.connecting = http.stream(path, after, silence);
  }

  /**
   * Waits until the service has taken the request.
   *
   * @throws ApiException when it refuses
   * @throws IOException when it cannot be reached, or this was closed meanwhile
   */
  public void connect() throws IOException, InterruptedException {
    var input = ApiHttpClient.accepted(connecting);
    body = input;
    heardNanos = System.nanoTime();
    if (isClosed()) close(input);
    Thread.ofVirtual().name("silence").start(this::runWatchdog);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    var input = body;
    if (input == null) throw new IOException("not connected");
    try {
      int count = input.read(bytes, offset, length);
      heardNanos = System.nanoTime();
      if (count < 0 && silent) throw new IOException("nothing was heard for " + silence);
      return count;
    } catch (IOException broken) {
      if (silent) throw new IOException("nothing was heard for " + silence, broken);
      throw broken;
    }
  }

  private void runWatchdog() {
    try {
      var left = silence;
      while (!closed.await(left.toMillis() + 1, TimeUnit.MILLISECONDS)) {
        left = silence.minusNanos(System.nanoTime() - heardNanos);
        if (left.isPositive()) continue;
        silent = true;
        close();
      }
    } catch (InterruptedException never) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
    connecting.cancel(true);
    var input = body;
    if (input != null) close(input);
  }

  private static void close(InputStream input) {
    try {
      input.close();
    } catch (IOException gone) {
      // It is closed either way.
    }
  }
}
