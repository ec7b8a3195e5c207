package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;

/** Validates URLs that are stored in events and shown, and so must not contain a secret. */
public final class PlainUrl {
  private PlainUrl() {}

  /**
   * Returns the URL. The error does not repeat it.
   *
   * @param pointer position in the body
   * @throws InvalidRequestException if it is not an http or https URL, or has a user, a query or a
   *     fragment
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
      // The same error as for any other invalid URL.
    }
    throw InvalidRequestException.body(
        pointer, "must be an http or https address without user, query and fragment");
  }
}
