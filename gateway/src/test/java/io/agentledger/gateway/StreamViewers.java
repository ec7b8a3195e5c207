package io.agentledger.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Many connections that one thread reads cheaply. It examines every sixteenth connection for {@link
 * #MARK}, which begins an event's time, and all connections for {@link #END}, which is in the last
 * event.
 */
final class StreamViewers implements AutoCloseable {
  static final char MARK = '^';
  static final char END = '~';
  static final int TIME_DIGITS = 19;
  private static final int SAMPLED_EACH = 16;

  private final Selector selector = Selector.open();
  private final List<Viewer> viewers = new ArrayList<>();
  private final List<Long> latencies = new ArrayList<>();
  private final Thread reader = new Thread(this::read, "viewers");
  private volatile long readCount;
  private volatile int greeted;
  private volatile int ended;
  private volatile boolean finished;
  private volatile boolean closed;

  /** One connection; accessed by the reading thread only. */
  private static final class Viewer {
    final SocketChannel socket;
    final boolean sampled;
    long events;
    boolean greeted;
    boolean ended;

    Viewer(SocketChannel socket, boolean sampled) {
      this.socket = socket;
      this.sampled = sampled;
    }
  }

  StreamViewers(int port, int count, String request) throws IOException {
    for (int i = 0; i < count; i++) {
      var socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
      socket.configureBlocking(false);
      var viewer = new Viewer(socket, i % SAMPLED_EACH == 0);
      viewers.add(viewer);
      socket.register(selector, SelectionKey.OP_READ, viewer);
    }
    reader.start();
  }

  /** Returns the number of events of the slowest examined connection. */
  long seen() {
    return readCount;
  }

  /** Returns the number of connections that have received data. */
  int greeted() {
    return greeted;
  }

  /** Must be called before the last event is sent; from then on, the end is searched for. */
  void expectEnd() {
    finished = true;
  }

  boolean allHaveTheEnd() {
    return ended == viewers.size();
  }

  private void read() {
    var buffer = ByteBuffer.allocateDirect(1 << 20);
    try {
      while (!closed) {
        selector.select(key -> read((Viewer) key.attachment(), buffer), 100);
        readCount =
            viewers.stream().filter(v -> v.sampled).mapToLong(v -> v.events).min().orElse(0);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void read(Viewer viewer, ByteBuffer buffer) {
    buffer.clear();
    try {
      if (viewer.socket.read(buffer) < 0) throw new IOException("the service hung up");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    buffer.flip();
    if (!viewer.greeted) {
      viewer.greeted = true;
      greeted++;
    }
    if (viewer.sampled) sample(viewer, buffer);
    if (finished && !viewer.ended && has(buffer, END)) {
      viewer.ended = true;
      ended++;
    }
  }

  private void sample(Viewer viewer, ByteBuffer buffer) {
    long now = System.nanoTime();
    for (int i = 0; i < buffer.limit(); i++) {
      if (buffer.get(i) != MARK) continue;
      viewer.events++;
      if (i + TIME_DIGITS >= buffer.limit()) continue; // The rest is in the next read.
      long sent = 0;
      for (int digit = 1; digit <= TIME_DIGITS; digit++)
        sent = sent * 10 + buffer.get(i + digit) - '0';
      latencies.add(now - sent);
    }
  }

  private static boolean has(ByteBuffer buffer, char mark) {
    for (int i = 0; i < buffer.limit(); i++) if (buffer.get(i) == mark) return true;
    return false;
  }

  /**
   * Ends the reading and returns the latencies of the examined events, in nanoseconds and sorted.
   */
  long[] latencies() throws Exception {
    stop();
    return latencies.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private void stop() throws InterruptedException {
    closed = true;
    reader.join();
  }

  @Override
  public void close() throws Exception {
    stop();
    for (var viewer : viewers) viewer.socket.close();
    selector.close();
  }
}
