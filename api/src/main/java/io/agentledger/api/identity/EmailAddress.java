package io.agentledger.api.identity;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Email address of a user, with which they log in. Stored as written, compared by {@link
 * #comparable}, because people do not remember how they wrote it.
 *
 * @param value {@code local@domain}, at most 254 characters, none of them hidden
 */
public record EmailAddress(String value) {
  public static final int LENGTH_MAX = 254;
  private static final int LOCAL_LENGTH_MAX = 64;

  private static final Pattern LOCAL =
      Pattern.compile(
          "[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{M}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*");
  private static final Pattern DOMAIN =
      Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+");

  public EmailAddress {
    value = VisibleText.of(value, LENGTH_MAX);
    int at = value.lastIndexOf('@');
    if (at < 1
        || at > LOCAL_LENGTH_MAX
        || !LOCAL.matcher(value.substring(0, at)).matches()
        || !DOMAIN.matcher(ascii(value.substring(at + 1))).matches())
      throw new IllegalArgumentException("must be an e-mail address");
  }

  /** The same for all spellings of one address: case folded, the domain in its ASCII form. */
  public String comparable() {
    int at = value.lastIndexOf('@');
    return folded(value.substring(0, at)) + "@" + ascii(value.substring(at + 1));
  }

  /** Upper case first: it joins what lower case alone keeps apart, like the two forms of sigma. */
  private static String folded(String text) {
    return text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  private static String ascii(String domain) {
    try {
      return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException unreadable) {
      return "";
    }
  }

  /** An address is a person's: it is not for logs. */
  @Override
  public String toString() {
    return "[email]";
  }
}
