package io.agentledger.api.shared;

/** View with a version, which a client must name to change the object. */
public interface Versioned {
  long version();
}
