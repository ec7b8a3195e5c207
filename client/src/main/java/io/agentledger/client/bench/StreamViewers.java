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
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Many connections that one thread reads cheaply. In what each sixteenth one receives it looks for
 * the times of {@link StandInModel#timedText}. Thread-safe.
 */
final class StreamViewers implements AutoCloseable {
  private static final int SAMPLED_EACH = 16;
  private static final int BUFFER_BYTES = 1 << 20;

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
    long lastSent = Long.MIN_VALUE;

    Viewer(boolean sampled) {
      this.sampled = sampled;
    }
  }

  /**
   * Opens connections.
   *
   * @param request what each of them sends first; may be empty
   */
  StreamViewers(SocketAddress server, int count, String request) throws IOException {
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
    if (!viewer.greeted) greeted++;
    viewer.greeted = true;
    bytes += buffer.limit();
    if (!viewer.sampled) return;
    long now = System.nanoTime();
    for (int i = 0; i < buffer.limit(); i++)
      if (buffer.get(i) == StandInModel.TIME_MARK) addLag(viewer, now, buffer, i + 1);
  }

  /**
   * A time that is divided between two reads is left out, and one that comes again, in the whole
   * message.
   */
  private void addLag(Viewer viewer, long now, ByteBuffer buffer, int start) {
    int end = start + StandInModel.TIME_DIGITS;
    if (end > buffer.limit()) return;
    long sent = 0;
    for (int i = start; i < end; i++) sent = sent * 10 + buffer.get(i) - '0';
    if (sent > viewer.lastSent) lagMillis.add((now - sent) / 1e6);
    viewer.lastSent = Math.max(sent, viewer.lastSent);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    closed = true;
    reader.join();
    for (SocketChannel socket : sockets) socket.close();
    selector.close();
  }
}
