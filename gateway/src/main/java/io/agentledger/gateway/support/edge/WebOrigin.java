package io.agentledger.gateway.support.edge;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Scheme, host and port of a page, in the format of browsers. Never {@code *}, never {@code null}.
 */
public record WebOrigin(String text) {
  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

  /** Returns whether a browser could send this text for a page that has an origin. */
  public static boolean isValid(String origin) {
    return ORIGIN.matcher(origin.toLowerCase(Locale.ROOT)).matches();
  }

  /** Parses an origin; omits the default port, as browsers do. */
  public static WebOrigin of(String origin) {
    var text = origin.toLowerCase(Locale.ROOT);
    if (!isValid(text))
      throw new IllegalArgumentException("must be scheme://host or scheme://host:port");
    return new WebOrigin(text.replaceFirst("^(https://.*):443$|^(http://.*):80$", "$1$2"));
  }

  @Override
  public String toString() {
    return text;
  }
}
