package io.agentledger.command.claude.egress;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/** Forwards a host's response to one plain request, then closes the connection. */
final class ResponseForwarder extends ChannelInboundHandlerAdapter {
  private final Channel client;
  private boolean informational;
  private boolean responseStarted;
  private boolean responseEnded;

  ResponseForwarder(Channel client) {
    this.client = client;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    boolean broken = message instanceof HttpObject part && part.decoderResult().isFailure();
    if (!client.isActive() || broken) {
      ReferenceCountUtil.release(message);
      context.close();
      return;
    }
    if (message instanceof HttpResponse head) {
      informational = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      if (!informational) setConnectionClose(head.headers());
      responseStarted = responseStarted || !informational;
    }
    if (message instanceof LastHttpContent && !informational) {
      responseEnded = true;
      client.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE);
      context.close();
      return;
    }
    client.write(message);
    context.channel().config().setAutoRead(client.isWritable());
  }

  private static void setConnectionClose(HttpHeaders headers) {
    headers.remove(HttpHeaderNames.UPGRADE);
    headers.remove("keep-alive");
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    client.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    client.config().setAutoRead(context.channel().isWritable());
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (responseEnded || !client.isActive()) return;
    if (responseStarted)
      client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    else ProxyResponses.send(client, HttpResponseStatus.BAD_GATEWAY, "The host does not answer.");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
    context.close();
  }
}
