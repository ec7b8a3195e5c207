package io.agentledger.client.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bare push by Netty, with the transport of the service: each event loop writes the same buffer to
 * its channels, without HTTP.
 */
final class NettyPush implements AutoCloseable {
  private static final String THREADS = "netty-push";

  static {
    // Without it Netty uses SLF4J, which has no provider here, and reports that.
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
  }

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          new DefaultThreadFactory(THREADS, true), EpollIoHandler.newFactory());
  private final Map<EventLoop, List<Channel>> channels = new ConcurrentHashMap<>();
  private final AtomicInteger connected = new AtomicInteger();
  private final Channel server;

  NettyPush(int connections) {
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(EpollServerSocketChannel.class)
            .childHandler(new Connections())
            .option(ChannelOption.SO_BACKLOG, connections)
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  /** Keeps the channels of each event loop. */
  @Sharable
  private final class Connections extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      Channel channel = context.channel();
      channels.computeIfAbsent(channel.eventLoop(), loop -> new ArrayList<>()).add(channel);
      connected.incrementAndGet();
    }
  }

  SocketAddress address() {
    return server.localAddress();
  }

  int connected() {
    return connected.get();
  }

  /** Sends bytes to all connections. */
  void push(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    ByteBuf shared = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(buffer));
    channels.forEach((loop, own) -> loop.execute(() -> push(shared, own)));
  }

  private static void push(ByteBuf shared, List<Channel> channels) {
    for (Channel channel : channels)
      channel.writeAndFlush(shared.duplicate(), channel.voidPromise());
  }

  /** Returns the CPU seconds of the event loops since their start. */
  double cpuSeconds() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long nanos = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds()))
      if (thread != null && thread.getThreadName().startsWith(THREADS))
        nanos += Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
    return nanos / 1e9;
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
