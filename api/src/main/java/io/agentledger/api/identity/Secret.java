package io.agentledger.api.identity;

/**
 * A value that only its bearer may know: an entered password, a key, a refresh token. It is never
 * stored, logged or printed.
 *
 * @param value at most {@value #LENGTH_MAX} characters
 */
public record Secret(String value) {
  public static final int LENGTH_MAX = 1024;

  public Secret {
    if (value.length() > LENGTH_MAX)
      throw new IllegalArgumentException("must have at most " + LENGTH_MAX + " characters");
  }

  @Override
  public String toString() {
    return "***";
  }
}
