package io.agentledger.api.session;

/** Access that a share of a session grants. */
public enum AccessLevel {
  /** Reads the session and follows its stream. */
  READ,
  /** Also sends inputs and decides on pending actions. */
  WRITE
}
