package io.agentledger.gateway.support.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
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
 * Timeouts of one connection: reading headers, reading the body and writing the response, for slow
 * clients too. The timeout of a body begins again if enough of it has arrived, and that of a
 * response if bytes were sent, so that only the rate limits the time of a large upload or download.
 * Between requests the server's idle timeout applies; streams have no timeout. Bytes that a client
 * sends while its request is still being processed are limited, because they are buffered until the
 * response is complete.
 */
final class RequestTimeoutHandler extends ChannelDuplexHandler {
  private static final long PIPELINED_BYTES_MAX = 64 * 1024;

  /** Rate at which a body must arrive if it takes longer than its timeout. */
  static final long BODY_BYTES_PER_SECOND_MIN = 32 * 1024;

  /** Time for which a client may continue to send after a response in the middle of its body. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final EdgeProperties edgeProperties;
  private final NettyProblemWriter problemWriter;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ScheduledFuture<?> requestDeadline;
  private @Nullable ScheduledFuture<?> responseDeadline;
  private boolean idle;
  private boolean inBody;
  private boolean answering;
  private boolean streaming;
  private boolean lingering;
  private int unanswered;
  private long pipelinedBytes;
  private long bodyBytes;
  private long writtenBytes;
  private long sentBytesBefore;

  RequestTimeoutHandler(EdgeProperties edgeProperties, NettyProblemWriter problemWriter) {
    this.edgeProperties = edgeProperties;
    this.problemWriter = problemWriter;
  }

  /** Reports inbound bytes of any kind; placed before the codec. */
  final class InboundActivityHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext channelContext) {
      startRequestDeadline(edgeProperties.headerTimeout());
      channelContext.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext channelContext, Object message) {
      if (lingering) {
        ReferenceCountUtil.release(message);
        return;
      }
      if (idle) {
        idle = false;
        startRequestDeadline(edgeProperties.headerTimeout());
      }
      boolean isPipelined = unanswered > 1 || unanswered == 1 && !inBody;
      if (isPipelined && message instanceof ByteBuf bytes) pipelinedBytes += bytes.readableBytes();
      if (pipelinedBytes > PIPELINED_BYTES_MAX) channelContext.close();
      channelContext.fireChannelRead(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext channelContext) {
      cancelRequestDeadline();
      cancelResponseDeadline();
      channelContext.fireChannelInactive();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext channelContext) {
    context = channelContext;
  }

  @Override
  public void channelRead(ChannelHandlerContext channelContext, Object message) {
    if (message instanceof HttpRequest) {
      unanswered++;
      inBody = true;
      startBodyDeadline();
    }
    if (message instanceof HttpContent content) bodyBytes += content.content().readableBytes();
    if (message instanceof LastHttpContent) {
      inBody = false;
      cancelRequestDeadline();
    }
    channelContext.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext channelContext, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) onResponseStart(channelContext, response);
    writtenBytes += bytes(message);
    if (message instanceof LastHttpContent && answering) onResponseEnd(promise.unvoid());
    channelContext.write(message, promise);
  }

  /**
   * Half-closes the connection and discards further input for a moment. Closing it while the client
   * still sends would cause a TCP reset, and the client would lose the response. A response that is
   * not complete is lost anyway.
   */
  @Override
  public void close(ChannelHandlerContext channelContext, ChannelPromise promise) {
    boolean clientIsSending =
        inBody && !answering && !lingering && channelContext.channel() instanceof SocketChannel;
    if (!clientIsSending || channelContext.pipeline().get(SslHandler.class) != null) {
      channelContext.close(promise);
      return;
    }
    lingering = true;
    cancelRequestDeadline();
    ((SocketChannel) channelContext.channel()).shutdownOutput();
    channelContext.channel().config().setAutoRead(true);
    channelContext
        .executor()
        .schedule(() -> channelContext.close(promise), LINGER.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void onResponseStart(ChannelHandlerContext channelContext, HttpResponse response) {
    if (response.status().code() == 101) {
      cancelRequestDeadline();
      channelContext.pipeline().remove(InboundActivityHandler.class);
      channelContext.pipeline().remove(this);
    } else if (response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      answering = true;
      var type = response.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
      streaming = type.startsWith("text/event-stream");
      if (!streaming) startResponseDeadline();
    }
  }

  private void onResponseEnd(ChannelPromise promise) {
    promise.addListener(
        done -> {
          answering = false;
          cancelResponseDeadline();
          unanswered = Math.max(0, unanswered - 1);
          if (unanswered > 0) return;
          pipelinedBytes = 0;
          if (inBody) return;
          cancelRequestDeadline();
          idle = true;
        });
  }

  private void startBodyDeadline() {
    bodyBytes = 0;
    startRequestDeadline(edgeProperties.bodyTimeout());
  }

  /** Returns whether the request is read at a sufficient rate. */
  private boolean isBodyArriving() {
    long bytesMin = BODY_BYTES_PER_SECOND_MIN * edgeProperties.bodyTimeout().toMillis() / 1_000;
    return inBody && unanswered == 1 && !answering && bodyBytes >= bytesMin;
  }

  private void startRequestDeadline(Duration timeout) {
    cancelRequestDeadline();
    requestDeadline = schedule(this::onRequestDeadline, timeout);
  }

  private void cancelRequestDeadline() {
    cancel(requestDeadline);
    requestDeadline = null;
  }

  private void onRequestDeadline() {
    var channelContext = context;
    if (channelContext == null || !channelContext.channel().isActive()) return;
    if (isBodyArriving()) {
      startBodyDeadline();
      return;
    }
    if (answering || unanswered > 1) {
      channelContext.close();
      return;
    }
    RequestTimeouts.mark(channelContext.channel());
    problemWriter.write(
        channelContext,
        HttpStatus.REQUEST_TIMEOUT,
        "request_timeout",
        "The request was not received in time.");
  }

  private void startResponseDeadline() {
    cancelResponseDeadline();
    sentBytesBefore = sentBytes();
    responseDeadline = schedule(this::onResponseDeadline, edgeProperties.responseTimeout());
  }

  private void cancelResponseDeadline() {
    cancel(responseDeadline);
    responseDeadline = null;
  }

  private void onResponseDeadline() {
    var channelContext = context;
    if (channelContext == null || !channelContext.channel().isActive()) return;
    if (isResponseProceeding()) startResponseDeadline();
    else channelContext.close();
  }

  /** Returns whether the client reads the response, or waits for it. */
  private boolean isResponseProceeding() {
    return pendingBytes() == 0 || sentBytes() > sentBytesBefore;
  }

  /** Returns the length of a body or a part of it, which Reactor Netty writes in both forms. */
  private static int bytes(Object message) {
    return switch (message) {
      case ByteBuf bytes -> bytes.readableBytes();
      case ByteBufHolder content -> content.content().readableBytes();
      default -> 0;
    };
  }

  private long sentBytes() {
    return writtenBytes - pendingBytes();
  }

  /** Returns the bytes that wait for the client, with those of headers. */
  private long pendingBytes() {
    var channelContext = context;
    var buffer = channelContext == null ? null : channelContext.channel().unsafe().outboundBuffer();
    return buffer == null ? 0 : buffer.totalPendingWriteBytes();
  }

  private @Nullable ScheduledFuture<?> schedule(Runnable action, Duration timeout) {
    var channelContext = context;
    return channelContext == null
        ? null
        : channelContext.executor().schedule(action, timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void cancel(@Nullable ScheduledFuture<?> timer) {
    if (timer != null) timer.cancel(false);
  }
}
