package io.agentledger.api.shared;

/** What is changed only by those who have seen it as it stands: a view with its version. */
public interface Versioned {
  long version();
}
