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
 * Baseline of the benchmark: sends the same bytes to many clients as slices of shared pages, joined
 * where they are adjacent, written to each channel on its event loop and flushed once. No HTTP, no
 * sessions, no slow clients.
 */
final class RawSocketPush implements AutoCloseable {
  /** Name of its threads. */
  static final String NAME = "bare-push";

  private static final int PAGE_BYTES = 32 * 1024;

  private final LoopResources loops =
      LoopResources.create(NAME, LoopResources.DEFAULT_IO_WORKER_COUNT, true);
  private final Map<EventLoop, EventLoopChannels> channelsByLoop = new ConcurrentHashMap<>();
  private final AtomicInteger connected = new AtomicInteger();
  private final DisposableServer server =
      TcpServer.create().runOn(loops).host("127.0.0.1").port(0).doOnConnection(this::add).bindNow();
  private ByteBuffer page = ByteBuffer.allocate(0);
  private ByteBuf view = Unpooled.EMPTY_BUFFER;

  /** A part of a page. */
  private record PageSlice(ByteBuf page, int start, int end) {
    boolean isAdjacentTo(PageSlice next) {
      return page == next.page && end == next.start;
    }
  }

  /** Channels of one event loop; all have received the same bytes. */
  private static final class EventLoopChannels implements Runnable {
    final List<Channel> channels = new ArrayList<>();
    final Queue<PageSlice> due = new ConcurrentLinkedQueue<>();
    final AtomicBoolean scheduled = new AtomicBoolean();

    @Override
    public void run() {
      scheduled.set(false);
      var pageSlices = joined();
      if (pageSlices.isEmpty()) return;
      for (var channel : channels) {
        for (var pageSlice : pageSlices)
          channel.write(
              pageSlice.page.slice(pageSlice.start, pageSlice.end - pageSlice.start),
              channel.voidPromise());
        channel.flush();
      }
    }

    private List<PageSlice> joined() {
      var pageSlices = new ArrayList<PageSlice>();
      for (var next = due.poll(); next != null; next = due.poll())
        if (!pageSlices.isEmpty() && pageSlices.getLast().isAdjacentTo(next))
          pageSlices.add(new PageSlice(next.page, pageSlices.removeLast().start, next.end));
        else pageSlices.add(next);
      return pageSlices;
    }
  }

  /** Must be called on the channel's event loop. */
  private void add(Connection connection) {
    var channel = connection.channel();
    channelsByLoop
        .computeIfAbsent(channel.eventLoop(), loop -> new EventLoopChannels())
        .channels
        .add(channel);
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
    var pageSlice = new PageSlice(view, start, page.position());
    channelsByLoop.forEach(
        (loop, channels) -> {
          channels.due.add(pageSlice);
          if (channels.scheduled.compareAndSet(false, true)) loop.execute(channels);
        });
  }

  @Override
  public void close() {
    server.disposeNow();
    loops.dispose();
  }
}
