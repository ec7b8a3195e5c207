package io.agentledger.api.shared;

/** An opaque id, {@code {prefix}_{10 chars}}; its bare value in JSON and in text. */
public interface Id {
  String value();

  /** Returns the bare value. */
  @Override
  String toString();
}
