package io.agentledger.command.model;

/** API key of the real model. Only the gateway has it; {@code toString} does not reveal it. */
public record ModelKey(String value) {

  public ModelKey {
    if (value.isBlank() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "the model's API key is empty or contains spaces or invalid characters");
    }
  }

  @Override
  public String toString() {
    return "ModelKey[hidden]";
  }
}
