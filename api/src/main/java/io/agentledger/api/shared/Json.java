package io.agentledger.api.shared;

/**
 * One JSON value as text, well-formed; in JSON it is that value itself, not a string. For what the
 * model, the CLI and tools say in shapes of their own.
 */
public record Json(String text) {
  public static final Json NULL = new Json("null");

  @Override
  public String toString() {
    return text;
  }
}
