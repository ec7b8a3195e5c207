package io.agentledger.api.shared;

/** A constant with an explicit name in the API; in JSON it is that name. */
public interface WireNamed {
  String wireName();

  /** Returns whether a request can contain the constant; documents list only those. */
  default boolean isSupported() {
    return true;
  }
}
