package io.agentledger.command.claude.egress;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_GATEWAY;
import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.GATEWAY_TIMEOUT;
import static io.netty.handler.codec.http.HttpResponseStatus.SERVICE_UNAVAILABLE;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Handles one connection to the egress proxy: its first request is allowed or denied, and all
 * further bytes are sent to that host only. Confined to one event loop; blocking work runs on other
 * threads.
 */
final class ProxyRequestHandler extends ChannelInboundHandlerAdapter {
  private static final int REQUEST_TIMEOUT_SECONDS = 20;
  private static final List<CharSequence> HOP_BY_HOP_HEADERS =
      List.of(
          HttpHeaderNames.CONNECTION,
          HttpHeaderNames.UPGRADE,
          HttpHeaderNames.TE,
          HttpHeaderNames.PROXY_AUTHORIZATION,
          "proxy-connection",
          "keep-alive");

  /** Headers that determine the end of a request; a Connection header cannot remove them. */
  private static final Set<String> FRAMING_HEADERS =
      Set.of("", "content-length", "transfer-encoding");

  private final EgressConnector egressConnector;
  private final Optional<FetchPermits> fetchPermits;
  private final Queue<Object> waiting = new ArrayDeque<>();
  private Optional<Channel> host = Optional.empty();
  private boolean requestReceived;
  private boolean finished;

  /**
   * @param fetchPermits permits that the connection needs, if it comes from the CLI itself
   */
  ProxyRequestHandler(EgressConnector egressConnector, Optional<FetchPermits> fetchPermits) {
    this.egressConnector = egressConnector;
    this.fetchPermits = fetchPermits;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    var requestTimeout =
        context
            .executor()
            .schedule(
                () -> {
                  if (!requestReceived) context.close();
                },
                REQUEST_TIMEOUT_SECONDS,
                TimeUnit.SECONDS);
    context.channel().closeFuture().addListener(closed -> requestTimeout.cancel(false));
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (finished) {
      ReferenceCountUtil.release(message);
    } else if (!requestReceived && message instanceof HttpRequest request) {
      requestReceived = true;
      context.channel().config().setAutoRead(false);
      authorize(context, request);
    } else if (host.isPresent()) {
      forward(context, host.get(), message);
    } else {
      waiting.add(message); // Content that was read together with the head.
    }
  }

  private void authorize(ChannelHandlerContext context, HttpRequest request) {
    try {
      ProxyTarget proxyTarget = ProxyTarget.parse(request);
      egressConnector
          .authorize(clientFor(proxyTarget, context.channel()), proxyTarget.destination())
          .whenCompleteAsync(
              (grant, refused) -> {
                if (refused == null)
                  connect(context, new AuthorizedRequest(request, proxyTarget, grant), 0);
                else sendRefusal(context, refused);
              },
              context.executor());
    } catch (ProxyTarget.MalformedRequestException malformedRequestException) {
      sendError(context, BAD_REQUEST, String.valueOf(malformedRequestException.getMessage()));
    }
  }

  private EgressClient clientFor(ProxyTarget proxyTarget, Channel channel) {
    if (fetchPermits.isEmpty()) return EgressClient.COMMAND;
    return proxyTarget.tunnel() && fetchPermits.get().admit(proxyTarget.destination(), channel)
        ? EgressClient.WEB_FETCH
        : EgressClient.WITHOUT_PERMIT;
  }

  private record AuthorizedRequest(
      HttpRequest request, ProxyTarget target, EgressConnector.Grant grant) {}

  private void sendRefusal(ChannelHandlerContext context, Throwable failure) {
    Throwable cause = failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    switch (cause) {
      case EgressDeniedException egressDeniedException ->
          sendError(
              context,
              FORBIDDEN,
              "Denied by the sandbox's egress proxy: " + egressDeniedException.rule() + ".");
      case TimeoutException late ->
          sendError(context, GATEWAY_TIMEOUT, "The host name was not resolved in time.");
      case null, default ->
          sendError(
              context,
              SERVICE_UNAVAILABLE,
              "The sandbox's egress proxy is overloaded. Try again later.");
    }
  }

  /** Connects to the authorized addresses, one after the other. */
  private void connect(ChannelHandlerContext context, AuthorizedRequest authorized, int index) {
    if (!context.channel().isActive()) return;
    var addresses = authorized.grant().target().addresses();
    if (index >= addresses.size()) {
      sendError(context, BAD_GATEWAY, "The host does not answer.");
      return;
    }
    egressConnector
        .connect(
            context.channel(),
            addresses.get(index),
            authorized.target(),
            authorized.grant().traffic())
        .addListener(
            (ChannelFutureListener)
                dialled -> {
                  if (!dialled.isSuccess()) connect(context, authorized, index + 1);
                  else if (!context.channel().isActive()) dialled.channel().close();
                  else startForwarding(context, authorized, dialled.channel());
                });
  }

  private void startForwarding(
      ChannelHandlerContext context, AuthorizedRequest authorized, Channel to) {
    Channel from = context.channel();
    from.closeFuture().addListener(closed -> to.close());
    if (authorized.target().tunnel()) {
      tunnel(context, to);
      return;
    }
    host = Optional.of(to);
    to.pipeline().addLast(new ResponseForwarder(from));
    to.config().setAutoRead(true);
    forward(context, to, toOriginRequest(authorized));
    while (!finished && !waiting.isEmpty()) forward(context, to, waiting.remove());
    to.flush();
    if (!finished) from.config().setAutoRead(true);
  }

  private void tunnel(ChannelHandlerContext context, Channel to) {
    Channel from = context.channel();
    finished = true;
    context
        .writeAndFlush(ProxyResponses.connected())
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                context.close();
                return;
              }
              to.pipeline().addLast(new TunnelHandler(from));
              from.pipeline().addLast(new TunnelHandler(to));
              from.pipeline().remove(HttpServerCodec.class);
              from.pipeline().remove(this);
              to.config().setAutoRead(true);
              from.config().setAutoRead(true);
            });
    releaseWaiting();
  }

  /** Returns the request for the origin server, without the headers for the proxy. */
  private static HttpRequest toOriginRequest(AuthorizedRequest authorized) {
    HttpRequest request = authorized.request();
    HttpHeaders headers = request.headers();
    for (String names : headers.getAll(HttpHeaderNames.CONNECTION)) {
      for (String name : names.split(",")) {
        if (!FRAMING_HEADERS.contains(name.strip().toLowerCase(Locale.ROOT)))
          headers.remove(name.strip());
      }
    }
    HOP_BY_HOP_HEADERS.forEach(headers::remove);
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    var uri = authorized.target().destination().uri();
    headers.set(HttpHeaderNames.HOST, uri.getRawAuthority());
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return request.setUri(uri.getRawPath() + query);
  }

  /**
   * Forwards content of the one request. Nothing is read after its end, because another request
   * could be for another host.
   */
  private void forward(ChannelHandlerContext context, Channel to, Object message) {
    boolean last = message instanceof LastHttpContent;
    if (last) {
      finished = true;
      to.writeAndFlush(message);
    } else {
      to.write(message);
    }
    context.channel().config().setAutoRead(!last && to.isWritable());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    host.ifPresent(Channel::flush);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    host.ifPresent(to -> to.config().setAutoRead(context.channel().isWritable()));
    context.fireChannelWritabilityChanged();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) context.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
    context.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    releaseWaiting();
  }

  private void releaseWaiting() {
    while (!waiting.isEmpty()) ReferenceCountUtil.release(waiting.remove());
  }

  private void sendError(ChannelHandlerContext context, HttpResponseStatus status, String text) {
    finished = true;
    releaseWaiting();
    ProxyResponses.send(context.channel(), status, text);
  }
}
