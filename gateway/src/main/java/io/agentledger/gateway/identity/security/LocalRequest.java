package io.agentledger.gateway.identity.security;

import java.util.Locale;
import java.util.Set;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties.ForwardHeadersStrategy;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;

/**
 * Distinguishes requests that began on this machine from those that a proxy on this machine
 * forwarded. If a proxy is configured ({@code server.forward-headers-strategy=framework}), its
 * headers have been removed before, and no request counts as local.
 */
@Component
public class LocalRequest {
  private static final Set<String> PROXY_HEADERS = Set.of("forwarded", "via", "x-real-ip");

  private final boolean behindProxy;

  LocalRequest(ServerProperties server) {
    this.behindProxy = server.getForwardHeadersStrategy() == ForwardHeadersStrategy.FRAMEWORK;
  }

  /** Returns whether the request came over loopback and has no header of a proxy. */
  public boolean isOnThisMachine(ServerHttpRequest request) {
    var remoteAddress = request.getRemoteAddress();
    var address = remoteAddress == null ? null : remoteAddress.getAddress();
    return !behindProxy
        && address != null
        && address.isLoopbackAddress()
        && request.getHeaders().headerNames().stream().noneMatch(LocalRequest::isOfProxy);
  }

  private static boolean isOfProxy(String header) {
    var name = header.toLowerCase(Locale.ROOT);
    return PROXY_HEADERS.contains(name) || name.startsWith("x-forwarded-");
  }
}
