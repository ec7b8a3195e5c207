package io.agentledger.command.claude.egress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.function.Consumer;

/** Counts the bytes from and to a host, and closes the connection if the limit is exceeded. */
final class TrafficLimitHandler extends ChannelDuplexHandler {
  private final RunTraffic traffic;
  private final Consumer<EgressDeniedException> onQuotaExceeded;

  /**
   * @param onQuotaExceeded called once on the connection's event loop, with the reason
   */
  TrafficLimitHandler(RunTraffic traffic, Consumer<EgressDeniedException> onQuotaExceeded) {
    this.traffic = traffic;
    this.onQuotaExceeded = onQuotaExceeded;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      try {
        traffic.countReceived(bytes.readableBytes());
      } catch (EgressDeniedException refused) {
        bytes.release();
        closeWithRefusal(context, refused);
        return;
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      try {
        traffic.countSent(bytes.readableBytes());
      } catch (EgressDeniedException refused) {
        bytes.release();
        promise.tryFailure(refused);
        closeWithRefusal(context, refused);
        return;
      }
    }
    context.write(message, promise);
  }

  private void closeWithRefusal(ChannelHandlerContext context, EgressDeniedException refused) {
    if (context.channel().isOpen()) {
      onQuotaExceeded.accept(refused);
      context.close();
    }
  }
}
