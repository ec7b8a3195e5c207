package io.agentledger.gateway.support;

import io.netty.channel.Channel;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.util.RSocketProxy;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tells the handlers of streams, in their context, which {@link Channel} the items go to: how many
 * were asked for says nothing of whether the other side reads.
 */
final class ChannelSocket extends RSocketProxy {
  private final Channel channel;

  private ChannelSocket(RSocket source, Channel channel) {
    super(source);
    this.channel = channel;
  }

  /** For who accepts a connection, in the context of which the door has put its channel. */
  static Mono<RSocket> of(Mono<RSocket> accepted) {
    return Mono.deferContextual(
        context ->
            accepted.map(socket -> new ChannelSocket(socket, context.<Channel>get(Channel.class))));
  }

  @Override
  public Flux<Payload> requestStream(Payload payload) {
    return told(super.requestStream(payload));
  }

  @Override
  public Flux<Payload> requestChannel(Publisher<Payload> payloads) {
    return told(super.requestChannel(payloads));
  }

  private Flux<Payload> told(Flux<Payload> items) {
    return items.contextWrite(context -> context.put(Channel.class, channel));
  }
}
