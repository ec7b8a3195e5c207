package io.agentledger.gateway.authorization;

/** Callers that must not reach the owner's resources. */
enum UnauthorizedCaller {
  /** Says nothing of themselves. */
  ANONYMOUS,
  /** The admin of another tenant. */
  OTHER_TENANT,
  /** Of the same tenant, and nothing was shared with them. */
  VIEWER,
  /** Of the same tenant: may read what is recorded, and nothing else. */
  AUDITOR,
  /** With an admin's key whose time is over. */
  EXPIRED,
  /** With an admin's key that was revoked. */
  REVOKED,
  /** With an admin's token that somebody else has signed. */
  FORGED;

  /** Whether the service cannot authenticate them. */
  boolean isUnknown() {
    return this != OTHER_TENANT && this != VIEWER && this != AUDITOR;
  }
}
