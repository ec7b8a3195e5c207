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
 * Bytes of a stream of server-sent events. If none arrive within the inactivity timeout, the
 * connection is closed and reading fails, so that a dead connection is detected. One thread
 * connects and reads; any thread may close it.
 */
public final class SseConnection extends InputStream {
  private final Future<HttpResponse<InputStream>> responseFuture;
  private final Duration inactivityTimeout;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable InputStream body;
  private volatile long lastReadNanos = System.nanoTime();
  private volatile boolean timedOut;

  /** Starts to connect to {@code path}, for events after {@code after}. */
  public SseConnection(ApiHttpClient http, String path, long after, Duration inactivityTimeout) {
    this(http, path, Long.toString(after), inactivityTimeout);
  }

  /**
   * Starts to connect to {@code path}.
   *
   * @param lastEventId id of the event after which the stream continues; null for none
   */
  public SseConnection(
      ApiHttpClient http, String path, @Nullable String lastEventId, Duration inactivityTimeout) {
    this.inactivityTimeout = inactivityTimeout;
    this.responseFuture = http.openStream(path, lastEventId, inactivityTimeout);
  }

  /**
   * Waits until the service has accepted the request.
   *
   * @throws ApiException if it refuses the request
   * @throws IOException if it cannot be reached, or this was closed meanwhile
   */
  public void connect() throws IOException, InterruptedException {
    var input = ApiHttpClient.awaitBody(responseFuture);
    body = input;
    lastReadNanos = System.nanoTime();
    if (isClosed()) close(input);
    Thread.ofVirtual().name("inactivity-watchdog").start(this::runWatchdog);
  }

  @Override
  public int read() throws IOException {
    var buffer = new byte[1];
    return read(buffer, 0, 1) < 0 ? -1 : buffer[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    var input = body;
    if (input == null) throw new IOException("not connected");
    try {
      int count = input.read(bytes, offset, length);
      lastReadNanos = System.nanoTime();
      if (count < 0 && timedOut) throw new IOException("no data received for " + inactivityTimeout);
      return count;
    } catch (IOException exception) {
      if (timedOut) throw new IOException("no data received for " + inactivityTimeout, exception);
      throw exception;
    }
  }

  private void runWatchdog() {
    try {
      var remaining = inactivityTimeout;
      while (!closed.await(remaining.toMillis() + 1, TimeUnit.MILLISECONDS)) {
        remaining = inactivityTimeout.minusNanos(System.nanoTime() - lastReadNanos);
        if (remaining.isPositive()) continue;
        timedOut = true;
        close();
      }
    } catch (InterruptedException exception) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  @Override
  public void close() {
    closed.countDown();
    responseFuture.cancel(true);
    var input = body;
    if (input != null) close(input);
  }

  private static void close(InputStream input) {
    try {
      input.close();
    } catch (IOException exception) {
      // The connection is closed in either case.
    }
  }
}
