package io.agentledger.gateway.flow;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;

/** Checks addresses of other services in requests. On the loopback, http is permitted, too. */
final class HttpAddress {
  private static final String RULE = "must be an https URL without a user, a query and a fragment";

  private HttpAddress() {}

  /**
   * Returns the URL without slashes at its end.
   *
   * @throws InvalidRequestException if it is no address of a service
   */
  static String require(String pointer, String url) {
    try {
      var uri = new URI(url);
      var scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null
          && (scheme.equals("https") || scheme.equals("http") && isLoopback(uri.getHost()))
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null) return url.replaceAll("/+$", "");
    } catch (URISyntaxException exception) {
      // The text is not a URL: the same rule is violated.
    }
    throw InvalidRequestException.body(pointer, RULE);
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }
}
