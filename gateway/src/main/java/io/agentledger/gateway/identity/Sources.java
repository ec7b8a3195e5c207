package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Source;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.util.context.ContextView;

/** From where a request came; what a client says of itself is cut and cleaned first. */
final class Sources {
  private Sources() {}

  static Source of(ServerHttpRequest request) {
    var peer = request.getRemoteAddress();
    var address = peer == null ? null : peer.getAddress();
    return new Source(
        address == null ? "" : address.getHostAddress(),
        clean(request.getHeaders().getFirst(HttpHeaders.USER_AGENT)));
  }

  /** The door of RSocket puts the connection's channel into the context. */
  static Source of(ContextView context) {
    return context
        .<Channel>getOrEmpty(Channel.class)
        .map(Channel::remoteAddress)
        .filter(InetSocketAddress.class::isInstance)
        .map(peer -> ((InetSocketAddress) peer).getAddress())
        .map(address -> new Source(address.getHostAddress(), ""))
        .orElse(Source.NONE);
  }

  private static String clean(@Nullable String said) {
    if (said == null) return "";
    var printable = said.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= Source.USER_AGENT_MAX
        ? printable
        : printable.substring(0, Source.USER_AGENT_MAX);
  }
}
