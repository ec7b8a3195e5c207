package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Source;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

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

  private static String clean(@org.jspecify.annotations.Nullable String said) {
    if (said == null) return "";
    var printable = said.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= Source.USER_AGENT_MAX
        ? printable
        : printable.substring(0, Source.USER_AGENT_MAX);
  }
}
