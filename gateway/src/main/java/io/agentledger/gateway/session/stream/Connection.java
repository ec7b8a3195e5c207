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
public record Connection(EventExecutor loop, BooleanSupplier writable) {
  private static final EventExecutorGroup OTHERS =
      new DefaultEventExecutorGroup(2, new DefaultThreadFactory("follow", true));

  /** The channel of a response on Netty. */
  public static Connection of(ServerHttpResponse response) {
    if (!(ServerHttpResponseDecorator.getNativeResponse(response)
        instanceof HttpServerResponse http)) return current();
    var channel = new AtomicReference<Channel>();
    http.withConnection(connection -> channel.set(connection.channel()));
    var found = channel.get();
    return found == null ? current() : of(found);
  }

  /** The channel of a request on RSocket, which its door has put into the context. */
  public static Connection of(ContextView context) {
    return context
        .<Channel>getOrEmpty(Channel.class)
        .map(Connection::of)
        .orElseGet(Connection::current);
  }

  private static Connection of(Channel channel) {
    return new Connection(channel.eventLoop(), channel::isWritable);
  }

  /** The loop that we are on; the channel is not known. */
  private static Connection current() {
    var current = ThreadExecutorMap.currentExecutor();
    return new Connection(current == null ? OTHERS.next() : current, () -> true);
  }
}
