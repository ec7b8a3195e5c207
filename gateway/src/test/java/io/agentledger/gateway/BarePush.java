package io.agentledger.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpServer;

/**
 * The least that it takes to show the same bytes to many: slices of shared pages, joined where they
 * touch, written to each channel on its event loop and flushed once. No HTTP, no session, nobody
 * who is late.
 */
final class BarePush implements AutoCloseable {
  /** Names its threads. */
  static final String NAME = "bare-push";

  private static final int PAGE_BYTES = 32 * 1024;

  private final LoopResources loops =
      LoopResources.create(NAME, LoopResources.DEFAULT_IO_WORKER_COUNT, true);
  private final Map<EventLoop, Lane> lanes = new ConcurrentHashMap<>();
  private final AtomicInteger connected = new AtomicInteger();
  private final DisposableServer server =
      TcpServer.create().runOn(loops).host("127.0.0.1").port(0).doOnConnection(this::add).bindNow();
  private ByteBuffer page = ByteBuffer.allocate(0);
  private ByteBuf view = Unpooled.EMPTY_BUFFER;

  /** A part of a page. */
  private record Part(ByteBuf page, int start, int end) {
    boolean touches(Part next) {
      return page == next.page && end == next.start;
    }
  }

  /** The channels of one loop; all have the same behind them. */
  private static final class Lane implements Runnable {
    final List<Channel> channels = new ArrayList<>();
    final Queue<Part> due = new ConcurrentLinkedQueue<>();
    final AtomicBoolean scheduled = new AtomicBoolean();

    @Override
    public void run() {
      scheduled.set(false);
      var parts = joined();
      if (parts.isEmpty()) return;
      for (var channel : channels) {
        for (var part : parts)
          channel.write(part.page.slice(part.start, part.end - part.start), channel.voidPromise());
        channel.flush();
      }
    }

    private List<Part> joined() {
      var parts = new ArrayList<Part>();
      for (var next = due.poll(); next != null; next = due.poll())
        if (!parts.isEmpty() && parts.getLast().touches(next))
          parts.add(new Part(next.page, parts.removeLast().start, next.end));
        else parts.add(next);
      return parts;
    }
  }

  /** On the channel's loop. */
  private void add(Connection connection) {
    var channel = connection.channel();
    lanes.computeIfAbsent(channel.eventLoop(), loop -> new Lane()).channels.add(channel);
    connected.incrementAndGet();
  }

  int port() {
    return server.port();
  }

  int connected() {
    return connected.get();
  }

  void push(byte[] records) {
    if (page.remaining() < records.length) {
      page = ByteBuffer.allocateDirect(PAGE_BYTES);
      view = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(page.duplicate()));
    }
    int start = page.position();
    page.put(records);
    var part = new Part(view, start, page.position());
    lanes.forEach(
        (loop, lane) -> {
          lane.due.add(part);
          if (lane.scheduled.compareAndSet(false, true)) loop.execute(lane);
        });
  }

  @Override
  public void close() {
    server.disposeNow();
    loops.dispose();
  }
}
