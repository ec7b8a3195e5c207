package io.agentledger.gateway.support.edge;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * The clock of one connection: headers, body and the taking of an answer have an end, however
 * slowly the bytes drip. Between requests the server's idle timeout counts, and a stream may last.
 * What a client sends ahead, while its request is still being answered, is bounded as well: it
 * would be kept until the answer is over.
 */
final class RequestTimeoutHandler extends ChannelDuplexHandler {
  private static final long AHEAD_BYTES_MAX = 64 * 1024;

  /** How long a client that was answered in the middle of its body may go on sending. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final EdgeProperties edgeProperties;
  private final NettyProblemWriter problems;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean idle;
  private boolean inBody;
  private boolean answering;
  private boolean streaming;
  private boolean lingering;
  private int unanswered;
  private long bytesAhead;

  RequestTimeoutHandler(EdgeProperties edgeProperties, NettyProblemWriter problems) {
    this.edgeProperties = edgeProperties;
    this.problems = problems;
  }

  /** Stands before the codec and sees when bytes come, whatever they are. */
  final class InboundActivityHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext here) {
      within(edgeProperties.headerTimeout());
      here.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
      if (lingering) {
        ReferenceCountUtil.release(message);
        return;
      }
      if (idle) {
        idle = false;
        within(edgeProperties.headerTimeout());
      }
      boolean ahead = unanswered > 1 || unanswered == 1 && !inBody;
      if (ahead && message instanceof ByteBuf bytes) bytesAhead += bytes.readableBytes();
      if (bytesAhead > AHEAD_BYTES_MAX) here.close();
      here.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext here) {
      stop();
      here.fireChannelInactive();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext here) {
    context = here;
  }

  @Override
  public void channelRead(ChannelHandlerContext here, Object message) {
    if (message instanceof HttpRequest) {
      unanswered++;
      inBody = true;
      within(edgeProperties.bodyTimeout());
    }
    if (message instanceof LastHttpContent) {
      inBody = false;
      stop();
    }
    here.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) startTimer(here, response);
    if (message instanceof LastHttpContent && answering) end(promise.unvoid());
    here.write(message, promise);
  }

  /**
   * Who still sends when we close would lose our answer: his system drops it when ours says that
   * nobody reads. So we say that we are done, and throw away what comes, for a moment.
   */
  @Override
  public void close(ChannelHandlerContext here, ChannelPromise promise) {
    boolean sends = inBody && !lingering && here.channel() instanceof SocketChannel;
    if (!sends || here.pipeline().get(SslHandler.class) != null) {
      here.close(promise);
      return;
    }
    lingering = true;
    stop();
    ((SocketChannel) here.channel()).shutdownOutput();
    here.channel().config().setAutoRead(true);
    here.executor().schedule(() -> here.close(promise), LINGER.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void startTimer(ChannelHandlerContext here, HttpResponse response) {
    if (response.status().code() == 101) {
      stop();
      here.pipeline().remove(InboundActivityHandler.class);
      here.pipeline().remove(this);
    } else if (response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      answering = true;
      var type = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
      streaming = type.startsWith("text/event-stream");
    }
  }

  private void end(ChannelPromise written) {
    if (!streaming && !inBody) within(edgeProperties.answerTimeout());
    written.addListener(
        done -> {
          answering = false;
          unanswered = Math.max(0, unanswered - 1);
          if (unanswered > 0) return;
          bytesAhead = 0;
          if (inBody) return;
          stop();
          idle = true;
        });
  }

  private void within(Duration timeout) {
    stop();
    var here = context;
    if (here == null) return;
    deadline = here.executor().schedule(this::late, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void stop() {
    var running = deadline;
    deadline = null;
    if (running != null) running.cancel(false);
  }

  private void late() {
    var here = context;
    if (here == null || !here.channel().isActive()) return;
    if (answering || unanswered > 1) here.close();
    else
      problems.answer(
          here, HttpStatus.REQUEST_TIMEOUT, "request_timeout", "The request came too slowly.");
  }
}
