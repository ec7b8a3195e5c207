package io.agentledger.gateway.support.rsocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes connections that do not send one whole frame in time. */
final class FirstFrameTimeoutHandler extends ChannelInboundHandlerAdapter {
  private final Duration timeout;
  private @Nullable Future<?> deadline;

  FirstFrameTimeoutHandler(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    deadline =
        context
            .executor()
            .schedule(() -> context.close(), timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object frame) {
    cancelDeadline();
    context.pipeline().remove(this);
    context.fireChannelRead(frame);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    cancelDeadline();
    context.fireChannelInactive();
  }

  private void cancelDeadline() {
    var timer = deadline;
    if (timer != null) timer.cancel(false);
  }
}
