package io.agentledger.gateway.session.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.netty.http.server.HttpServerResponse;
import reactor.util.context.ContextView;

/**
 * Channel to which a subscription's items are written.
 *
 * @param loop the event loop of its channel
 * @param writable whether the channel accepts more data
 * @param httpCodec encoder of the response; null for other protocols than HTTP
 */
public record ClientChannel(
    EventExecutor loop, BooleanSupplier writable, @Nullable ChannelHandlerContext httpCodec) {
  private static final EventExecutorGroup FALLBACK_EXECUTORS =
      new DefaultEventExecutorGroup(2, new DefaultThreadFactory("stream-fallback", true));

  /** Returns the channel of a response on Netty. */
  public static ClientChannel from(ServerHttpResponse response) {
    if (!(ServerHttpResponseDecorator.getNativeResponse(response)
        instanceof HttpServerResponse http)) return ofCurrentThread();
    var channel = new AtomicReference<Channel>();
    http.withConnection(connection -> channel.set(connection.channel()));
    var nettyChannel = channel.get();
    if (nettyChannel == null) return ofCurrentThread();
    var codec = nettyChannel.pipeline().context(HttpServerCodec.class);
    return new ClientChannel(nettyChannel.eventLoop(), nettyChannel::isWritable, codec);
  }

  /** Returns the channel of an RSocket request, which the RSocket server stores in the context. */
  public static ClientChannel from(ContextView context) {
    return context
        .<Channel>getOrEmpty(Channel.class)
        .map(ClientChannel::from)
        .orElseGet(ClientChannel::ofCurrentThread);
  }

  private static ClientChannel from(Channel channel) {
    return new ClientChannel(channel.eventLoop(), channel::isWritable, null);
  }

  /** Returns the event loop of the current thread, without a channel. */
  private static ClientChannel ofCurrentThread() {
    var current = ThreadExecutorMap.currentExecutor();
    return new ClientChannel(
        current == null ? FALLBACK_EXECUTORS.next() : current, () -> true, null);
  }
}
