package io.agentledger.api.shared;

/** A constant with an explicit name in the API; in JSON it is that name. */
public interface WireNamed {
  String wireName();
}
