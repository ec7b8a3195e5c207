package io.agentledger.api.identity;

import java.text.Normalizer;

/**
 * A password to be set, in Unicode's compatible form, so that it is the same from every keyboard.
 * Long is all that it must be.
 *
 * @param value [12..128] code points
 */
public record Password(String value) {
  public static final int LENGTH_MIN = 12;
  public static final int LENGTH_MAX = 128;

  public Password {
    if (value.length() > 2 * LENGTH_MAX) throw invalid(); // Before it is looked at any closer.
    value = comparable(value);
    long length = value.codePoints().count();
    if (length < LENGTH_MIN || length > LENGTH_MAX) throw invalid();
  }

  /** The form in which a typed password is compared. */
  public static String comparable(String typed) {
    return Normalizer.normalize(typed, Normalizer.Form.NFKC);
  }

  private static IllegalArgumentException invalid() {
    return new IllegalArgumentException(
        "must have " + LENGTH_MIN + " to " + LENGTH_MAX + " characters");
  }

  @Override
  public String toString() {
    return "***";
  }
}
