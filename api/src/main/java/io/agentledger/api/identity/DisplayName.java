package io.agentledger.api.identity;

/**
 * Name of a user, a tenant or a key: one line of visible text. Two names are equal if their Unicode
 * compatibility forms are equal.
 *
 * @param value [1..100] characters, none of them hidden
 */
public record DisplayName(String value) {
  public static final int LENGTH_MAX = 100;

  public DisplayName {
    value = VisibleText.of(value, LENGTH_MAX);
  }

  /** Hides the name, because it may be personal data and must not be logged. */
  @Override
  public String toString() {
    return "[name]";
  }
}
