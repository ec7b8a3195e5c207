package io.agentledger.api.session;

/** Access that a share of a session grants. */
public enum AccessLevel {
  /** To see all of it, live too. */
  READ,
  /** To speak in it as well, and to decide what its agent asks. */
  WRITE
}
