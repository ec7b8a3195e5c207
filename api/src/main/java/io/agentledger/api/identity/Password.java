package io.agentledger.api.identity;

import java.text.Normalizer;

/**
 * A password to be set, in Unicode's compatibility form, so that it does not depend on the
 * keyboard. The only rule is its length.
 *
 * @param value [12..128] code points
 */
public record Password(String value) {
  public static final int LENGTH_MIN = 12;
  public static final int LENGTH_MAX = 128;

  public Password {
    if (value.length() > 2 * LENGTH_MAX) throw invalid(); // limits the work of the normalization
    value = comparable(value);
    long length = value.codePoints().count();
    if (length < LENGTH_MIN || length > LENGTH_MAX) throw invalid();
  }

  /** Returns the form in which an entered password is compared. */
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
