package io.agentledger.command.claude.egress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.function.Consumer;

/** Counts what passes to and from a host, and closes the connection when it is too much. */
final class TrafficLimitHandler extends ChannelDuplexHandler {
  private final RunTraffic runTraffic;
  private final Consumer<EgressDeniedException> spent;

  /**
   * @param spent is told why, once, on the connection's loop
   */
  TrafficLimitHandler(RunTraffic runTraffic, Consumer<EgressDeniedException> spent) {
    this.runTraffic = runTraffic;
    this.spent = spent;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      try {
        runTraffic.received(bytes.readableBytes());
      } catch (EgressDeniedException refused) {
        bytes.release();
        end(context, refused);
        return;
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes) {
      try {
        runTraffic.sent(bytes.readableBytes());
      } catch (EgressDeniedException refused) {
        bytes.release();
        promise.tryFailure(refused);
        end(context, refused);
        return;
      }
    }
    context.write(message, promise);
  }

  private void end(ChannelHandlerContext context, EgressDeniedException refused) {
    if (context.channel().isOpen()) {
      spent.accept(refused);
      context.close();
    }
  }
}
