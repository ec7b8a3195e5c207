package io.agentledger.gateway.support.validation;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for headers and variables that are stored in events and shown with their values. */
public final class PlainHeaders {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]*");
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(?i)(proxy-)?authorization|(set-)?cookie|.*(token|secret|passw|api[-_]?key"
              + "|private[-_]?key|credential|access[-_]?key).*");

  /** Headers that the connection or the protocol sets. */
  private static final Set<String> RESERVED =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "accept",
          "transfer-encoding",
          "connection",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "proxy-authorization");

  private PlainHeaders() {}

  /** Returns whether the text may be the name of a header. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Returns whether a configuration may set the header. */
  public static boolean isSettable(String name) {
    return NAME.matcher(name).matches() && !RESERVED.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Returns whether the value of a header or variable of this name is a credential. */
  public static boolean isSecret(String name) {
    return SECRET_NAME.matcher(name).matches();
  }

  /** Returns whether a value consists of visible ASCII characters and spaces. */
  public static boolean isVisible(String value) {
    return VALUE.matcher(value).matches();
  }
}
