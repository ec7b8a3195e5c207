package io.agentledger.gateway.identity.token;

import java.net.URI;
import java.util.Set;

/** Validates the URL of an issuer, whose responses must be protected against manipulation. */
final class IssuerUriValidator {
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  private IssuerUriValidator() {}

  /** Rejects all URLs except for https, and http on loopback. */
  static URI requireSecure(URI uri) {
    var host = uri.getHost();
    boolean isSecure =
        "https".equals(uri.getScheme())
            || "http".equals(uri.getScheme()) && LOOPBACK.contains(host);
    if (host == null || !isSecure || uri.getUserInfo() != null || uri.getFragment() != null)
      throw new IllegalArgumentException(
          "an issuer's addresses must be https, or http on loopback");
    return uri;
  }
}
