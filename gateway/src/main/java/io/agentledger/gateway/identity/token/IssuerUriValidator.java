package io.agentledger.gateway.identity.token;

import java.net.URI;
import java.util.Set;

/** Where an issuer may be: what it says must come unaltered. */
final class IssuerUriValidator {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private IssuerUriValidator() {}

  /** Refuses all but https, and http that does not leave the machine. */
  static URI check(URI address) {
    var host = address.getHost();
    boolean safe =
        "https".equals(address.getScheme())
            || "http".equals(address.getScheme()) && LOOPBACK.contains(host);
    if (host == null || !safe || address.getUserInfo() != null || address.getFragment() != null)
      throw new IllegalArgumentException(
          "an issuer's addresses must be https, or http on loopback");
    return address;
  }
}
