package io.agentledger.api.shared;

/** A constant that the outside world knows under a name of its own; in JSON it is that name. */
public interface WireNamed {
  String wireName();
}
