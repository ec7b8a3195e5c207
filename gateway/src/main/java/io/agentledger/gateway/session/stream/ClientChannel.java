package io.agentledger.gateway.session.stream;

import io.netty.channel.Channel;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.netty.http.server.HttpServerResponse;
import reactor.util.context.ContextView;

/**
 * Where a follower's items go.
 *
 * @param loop the event loop of its channel
 * @param writable whether the channel has room
 */
public record ClientChannel(EventExecutor loop, BooleanSupplier writable) {
  private static final EventExecutorGroup OTHERS =
      new DefaultEventExecutorGroup(2, new DefaultThreadFactory("follow", true));

  /** The channel of a response on Netty. */
  public static ClientChannel of(ServerHttpResponse response) {
    if (!(ServerHttpResponseDecorator.getNativeResponse(response)
        instanceof HttpServerResponse http)) return current();
    var channel = new AtomicReference<Channel>();
    http.withConnection(connection -> channel.set(connection.channel()));
    var found = channel.get();
    return found == null ? current() : of(found);
  }

  /** The channel of a request on RSocket, which its door has put into the context. */
  public static ClientChannel of(ContextView context) {
    return context
        .<Channel>getOrEmpty(Channel.class)
        .map(ClientChannel::of)
        .orElseGet(ClientChannel::current);
  }

  private static ClientChannel of(Channel channel) {
    return new ClientChannel(channel.eventLoop(), channel::isWritable);
  }

  /** The loop that we are on; the channel is not known. */
  private static ClientChannel current() {
    var current = ThreadExecutorMap.currentExecutor();
    return new ClientChannel(current == null ? OTHERS.next() : current, () -> true);
  }
}
