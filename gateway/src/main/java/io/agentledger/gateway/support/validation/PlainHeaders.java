package io.agentledger.gateway.support.validation;

import com.google.re2j.Pattern;
import io.agentledger.api.vault.CredentialFormat;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rules for headers, variables and arguments that are stored in events and shown with their values.
 */
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

  private static final Map<CredentialFormat, Pattern> CREDENTIALS =
      new EnumMap<>(CredentialFormat.class);

  static {
    for (var format : CredentialFormat.values())
      CREDENTIALS.put(format, Pattern.compile(format.pattern()));
  }

  private PlainHeaders() {}

  /** Returns whether a configuration may set the header. */
  public static boolean isSettable(String name) {
    return NAME.matcher(name).matches() && !RESERVED.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Returns whether the value of a header or variable of this name is a credential. */
  public static boolean isSecret(String name) {
    return SECRET_NAME.matcher(name).matches();
  }

  /** Returns what credential a value contains, for a message; empty if it looks like none. */
  public static Optional<String> findCredential(String value) {
    return CREDENTIALS.entrySet().stream()
        .filter(format -> format.getValue().matcher(value).find())
        .map(format -> format.getKey().description())
        .findFirst();
  }

  /** Returns whether a value consists of visible ASCII characters and spaces. */
  public static boolean isVisible(String value) {
    return VALUE.matcher(value).matches();
  }
}
