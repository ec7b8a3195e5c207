package io.agentledger.api.identity;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Email address that a user logs in with. It is stored as entered and compared by {@link
 * #comparable}.
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

  /**
   * Returns the same text for all spellings of one address: case folded, the domain in its ASCII
   * form.
   */
  public String comparable() {
    int at = value.lastIndexOf('@');
    return folded(value.substring(0, at)) + "@" + ascii(value.substring(at + 1));
  }

  /**
   * Converts to upper case first: this unifies characters that lower case alone keeps distinct,
   * such as the two forms of sigma.
   */
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

  /** Hides the address, because it is personal data and must not be logged. */
  @Override
  public String toString() {
    return "[email]";
  }
}
