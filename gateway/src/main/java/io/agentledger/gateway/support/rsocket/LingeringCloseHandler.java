package io.agentledger.gateway.support.rsocket;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Closes the direction to the client at once, and the connection when the client has closed it, or
 * after a second. Data that arrives meanwhile is discarded. A connection that is closed while data
 * arrives is reset: a client that is still sending would not read why it was closed.
 */
final class LingeringCloseHandler extends ChannelDuplexHandler {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private boolean isClosing;

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    var channel = (DuplexChannel) context.channel();
    if (!channel.isActive() || channel.isInputShutdown()) {
      context.close(promise);
      return;
    }
    channel.closeFuture().addListener(closed -> promise.trySuccess());
    if (isClosing) return; // RSocket may close a connection twice.
    isClosing = true;
    channel.shutdownOutput();
    channel.config().setAutoRead(true);
    context.executor().schedule(() -> context.close(), TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object data) {
    if (isClosing) ReferenceCountUtil.release(data);
    else context.fireChannelRead(data);
  }
}
