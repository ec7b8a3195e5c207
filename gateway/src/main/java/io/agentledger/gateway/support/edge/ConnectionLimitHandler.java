package io.agentledger.gateway.support.edge;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Limits the number of open connections, over all ports and for each address. A connection beyond
 * the limit is closed before a byte of it is read. For this machine's own addresses, behind which a
 * proxy may stand, only the total is limited.
 */
@Component
@ChannelHandler.Sharable
public final class ConnectionLimitHandler extends ChannelInboundHandlerAdapter {
  private final EdgeProperties edgeProperties;
  private final int openMax;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentMap<InetAddress, Integer> sources = new ConcurrentHashMap<>();

  public ConnectionLimitHandler(EdgeProperties edgeProperties) {
    this.edgeProperties = edgeProperties;
    this.openMax = Math.min(edgeProperties.connectionCountMax(), systemConnectionLimit());
  }

  /**
   * Returns a part of the file descriptors of this process, because others are needed elsewhere.
   */
  private static int systemConnectionLimit() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    long files =
        system instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Integer.MAX_VALUE;
    return (int) Math.clamp(files * 3 / 4, 1, Integer.MAX_VALUE);
  }

  public int openConnectionCount() {
    return open.get();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    var channel = context.channel();
    open.incrementAndGet();
    var source = limitedAddress(channel);
    if (source != null) sources.merge(source, 1, Integer::sum);
    channel.closeFuture().addListener(future -> release(source));
    if (isOverLimit(source)) context.close(); // At once: no later handler delays it.
    else context.fireChannelActive();
  }

  private boolean isOverLimit(@Nullable InetAddress source) {
    return open.get() > openMax
        || source != null
            && sources.getOrDefault(source, 0) > edgeProperties.connectionCountPerSourceMax();
  }

  private void release(@Nullable InetAddress source) {
    open.decrementAndGet();
    if (source != null)
      sources.computeIfPresent(source, (address, count) -> count == 1 ? null : count - 1);
  }

  private static @Nullable InetAddress limitedAddress(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress socketAddress)) return null;
    var address = socketAddress.getAddress();
    return address == null || address.isLoopbackAddress() ? null : address;
  }
}
