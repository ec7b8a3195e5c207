package io.agentledger.command.model;

/** The key to the real model. It is added at the gateway, stays here, and never shows itself. */
public record ModelKey(String value) {

  public ModelKey {
    if (value.isBlank() || !value.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "the model's key is empty or holds spaces or odd characters");
    }
  }

  @Override
  public String toString() {
    return "ModelKey[hidden]";
  }
}
