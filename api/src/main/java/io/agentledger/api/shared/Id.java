package io.agentledger.api.shared;

/** An opaque name, {@code {prefix}_{10 chars}}; in JSON and in text it is its bare value. */
public interface Id {
  String value();

  /** The bare value. */
  @Override
  String toString();
}
