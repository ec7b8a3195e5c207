package io.agentledger.api.identity;

/**
 * Name of a user, a tenant or a key: one line for people to read. Two names are equal if their
 * Unicode compatibility forms are.
 *
 * @param value [1..100] characters, none of them hidden
 */
public record DisplayName(String value) {
  public static final int LENGTH_MAX = 100;

  public DisplayName {
    value = VisibleText.of(value, LENGTH_MAX);
  }

  /** A name may be a person's: it is not for logs. */
  @Override
  public String toString() {
    return "[name]";
  }
}
