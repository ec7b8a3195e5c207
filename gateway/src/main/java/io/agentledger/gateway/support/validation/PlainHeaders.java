package io.agentledger.gateway.support.validation;

import com.google.re2j.Pattern;
import io.agentledger.api.vault.CredentialFormat;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.util.ArrayList;
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

  /** Beginning of the names of the headers that sign a request. */
  private static final String SIGNATURE_PREFIX = "webhook-";

  private PlainHeaders() {}

  /**
   * Rejects headers of signed requests that the service sets itself, and credentials, because all
   * who can read the configuration see its headers.
   *
   * @param pointer position of the headers in the body
   */
  public static void check(Map<String, String> headers, String pointer) {
    var violations = new ArrayList<Violation>();
    headers.forEach(
        (name, value) ->
            findRule(name, value)
                .map(rule -> Violation.body(pointer + "/" + name.replace("/", "~1"), rule))
                .ifPresent(violations::add));
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
  }

  private static Optional<String> findRule(String name, String value) {
    if (!isSettable(name) || name.toLowerCase(Locale.ROOT).startsWith(SIGNATURE_PREFIX))
      return Optional.of("must be a header that may be set: the service sets this one itself");
    if (isSecret(name)) return Optional.of(inPlainText("a credential"));
    var credential = findCredential(value);
    if (credential.isPresent()) return credential.map(PlainHeaders::inPlainText);
    return isVisible(value) ? Optional.empty() : Optional.of("must be visible ASCII characters");
  }

  /** Rejects a URL with a credential, because all who can read the configuration see it. */
  public static void checkUrl(String url, String pointer) {
    findCredential(url)
        .ifPresent(
            credential -> {
              throw InvalidRequestException.body(pointer, inPlainText(credential));
            });
  }

  private static String inPlainText(String credential) {
    return "must not be in plain text: it looks like "
        + credential
        + "; store it in a vault (PUT /vaults/{id}/secrets/{name}), and name it in secrets";
  }

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
