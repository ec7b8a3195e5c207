package io.agentledger.gateway.support.edge;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Marks of connections whose last request had a timeout while it was received. The response to it,
 * 408, is written to the connection directly, so that the request's own exchange does not have it.
 */
public final class RequestTimeouts {
  private static final AttributeKey<Boolean> TIMED_OUT =
      AttributeKey.valueOf(RequestTimeouts.class, "timedOut");

  private RequestTimeouts() {}

  static void mark(Channel channel) {
    channel.attr(TIMED_OUT).set(true);
  }

  /** Returns whether the response to the request was 408, although its exchange has another one. */
  public static boolean isTimedOut(ServerHttpRequest request) {
    var timedOut = new AtomicBoolean();
    if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerRequest http)
      http.withConnection(
          connection ->
              timedOut.set(Boolean.TRUE.equals(connection.channel().attr(TIMED_OUT).get())));
    return timedOut.get();
  }
}
