package io.agentledger.gateway.support.web;

import io.agentledger.api.identity.RequestSource;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.util.context.ContextView;

/** Resolves the source of a request; values from the client are truncated and sanitized. */
public final class RequestSourceResolver {
  private RequestSourceResolver() {}

  public static RequestSource resolve(ServerHttpRequest request) {
    var remoteAddress = request.getRemoteAddress();
    var address = remoteAddress == null ? null : remoteAddress.getAddress();
    return new RequestSource(
        address == null ? "" : address.getHostAddress(),
        sanitizeUserAgent(request.getHeaders().getFirst(HttpHeaders.USER_AGENT)));
  }

  /** Resolves the source from the channel that the RSocket server stores in the context. */
  public static RequestSource resolve(ContextView context) {
    return context
        .<Channel>getOrEmpty(Channel.class)
        .map(Channel::remoteAddress)
        .filter(InetSocketAddress.class::isInstance)
        .map(peer -> ((InetSocketAddress) peer).getAddress())
        .map(address -> new RequestSource(address.getHostAddress(), ""))
        .orElse(RequestSource.NONE);
  }

  private static String sanitizeUserAgent(@Nullable String text) {
    if (text == null) return "";
    var printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= RequestSource.USER_AGENT_MAX
        ? printable
        : printable.substring(0, RequestSource.USER_AGENT_MAX);
  }
}
