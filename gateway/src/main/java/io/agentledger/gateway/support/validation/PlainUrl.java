package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;

/** Addresses that are stored in events and shown, and so must not contain a secret. */
public final class PlainUrl {
  private PlainUrl() {}

  /**
   * The address; refused if it is no http or https address, or has a user, a query or a fragment.
   * The message does not repeat it.
   *
   * @param pointer place in the body
   */
  public static String require(String pointer, String url) {
    try {
      var uri = new URI(url);
      boolean isPlain =
          ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
              && uri.getHost() != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      if (isPlain) return url;
    } catch (URISyntaxException exception) {
      // The same answer as for any other address that is refused.
    }
    throw InvalidRequestException.body(
        pointer, "must be an http or https address without user, query and fragment");
  }
}
