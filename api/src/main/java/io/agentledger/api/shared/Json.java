package io.agentledger.api.shared;

/**
 * One well-formed JSON value as text; in JSON it is that value itself, not a string. For data in
 * formats of the model, the CLI and tools.
 */
public record Json(String text) {
  public static final Json NULL = new Json("null");

  @Override
  public String toString() {
    return text;
  }
}
