package io.agentledger.gateway.identity.security;

import java.util.Locale;
import java.util.Set;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Tells a request that began on this machine from one that a proxy of this machine passed on. */
public final class LocalRequest {
  private static final Set<String> PROXY_HEADERS = Set.of("forwarded", "via", "x-real-ip");

  private LocalRequest() {}

  /** Whether it came over loopback and no proxy has left its mark on it. */
  public static boolean isOnThisMachine(ServerHttpRequest request) {
    var remoteAddress = request.getRemoteAddress();
    var address = remoteAddress == null ? null : remoteAddress.getAddress();
    return address != null
        && address.isLoopbackAddress()
        && request.getHeaders().headerNames().stream().noneMatch(LocalRequest::isOfProxy);
  }

  private static boolean isOfProxy(String header) {
    var name = header.toLowerCase(Locale.ROOT);
    return PROXY_HEADERS.contains(name) || name.startsWith("x-forwarded-");
  }
}
