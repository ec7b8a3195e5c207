package io.agentledger.client.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Many connections that one thread reads cheaply. In what each sixteenth one receives it looks for
 * the times of {@link StandInModel#timedText}. Thread-safe.
 */
final class StreamViewers implements AutoCloseable {
  private static final int SAMPLED_EACH = 16;
  private static final int BUFFER_BYTES = 1 << 20;

  private final byte[] greeting;
  private final Selector selector = Selector.open();
  private final List<SocketChannel> sockets = new ArrayList<>();
  private final ConcurrentLinkedQueue<Double> lagMillis = new ConcurrentLinkedQueue<>();
  private final Thread reader = new Thread(this::read, "viewers");
  private volatile int greeted;
  private volatile long bytes;
  private volatile boolean closed;

  /** One connection; accessed by the reading thread only. */
  private static final class Viewer {
    final boolean sampled;
    boolean greeted;
    private int digitsLeft;
    private long sent;
    private long lastSent = Long.MIN_VALUE;

    Viewer(boolean sampled) {
      this.sampled = sampled;
    }

    /** Reads a character; a time that comes again, in the whole message, is ignored. */
    void add(char character, long now, Queue<Double> lagMillis) {
      if (character == StandInModel.TIME_MARK) {
        digitsLeft = StandInModel.TIME_DIGITS;
        sent = 0;
      } else if (digitsLeft > 0) {
        digitsLeft = Character.isDigit(character) ? digitsLeft - 1 : 0;
        sent = sent * 10 + character - '0';
        if (digitsLeft > 0 || sent <= lastSent || !Character.isDigit(character)) return;
        lastSent = sent;
        lagMillis.add((now - sent) / 1e6);
      }
    }
  }

  /**
   * Opens connections.
   *
   * @param request what each of them sends first; may be empty
   * @param greeting how the answer begins
   */
  StreamViewers(SocketAddress server, int count, String request, String greeting)
      throws IOException {
    this.greeting = greeting.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < count; i++) {
      SocketChannel socket = SocketChannel.open(server);
      socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      socket.configureBlocking(false);
      sockets.add(socket);
      socket.register(selector, SelectionKey.OP_READ, new Viewer(i % SAMPLED_EACH == 0));
    }
    reader.start();
  }

  /** Returns the number of connections that have received data. */
  int greeted() {
    return greeted;
  }

  /** Returns how many times of a number of texts the sampled connections receive. */
  int lagsOf(int texts) {
    return texts * Math.ceilDiv(sockets.size(), SAMPLED_EACH);
  }

  /** Returns the number of times that have arrived since they were taken. */
  int lags() {
    return lagMillis.size();
  }

  /** Returns the number of bytes that all connections have received. */
  long bytes() {
    return bytes;
  }

  /** Returns the milliseconds from each time to its arrival since the last call. */
  double[] takeLags() {
    List<Double> taken = new ArrayList<>();
    for (Double lag = lagMillis.poll(); lag != null; lag = lagMillis.poll()) taken.add(lag);
    return taken.stream().mapToDouble(lag -> lag).toArray();
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    try {
      while (!closed) selector.select(key -> read(key, buffer), 100);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }

  private void read(SelectionKey key, ByteBuffer buffer) {
    try {
      int count = ((SocketChannel) key.channel()).read(buffer.clear());
      if (count < 0) key.cancel();
      else received((Viewer) key.attachment(), buffer.flip());
    } catch (IOException exception) {
      key.cancel();
    }
  }

  private void received(Viewer viewer, ByteBuffer buffer) {
    if (!viewer.greeted) {
      if (!startsWith(buffer, greeting)) return; // An error; such a viewer is missing.
      viewer.greeted = true;
      greeted++;
    }
    bytes += buffer.limit();
    if (!viewer.sampled) return;
    long now = System.nanoTime();
    for (int i = 0; i < buffer.limit(); i++) viewer.add((char) buffer.get(i), now, lagMillis);
  }

  private static boolean startsWith(ByteBuffer buffer, byte[] prefix) {
    if (buffer.limit() < prefix.length) return false;
    byte[] start = new byte[prefix.length];
    buffer.get(0, start);
    return Arrays.equals(start, prefix);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    closed = true;
    reader.join();
    for (SocketChannel socket : sockets) socket.close();
    selector.close();
  }
}
