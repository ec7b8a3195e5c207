package io.agentledger.gateway.authorization;

/** Callers that must not reach the owner's resources. */
enum UnauthorizedCaller {
  /** A caller without credentials. */
  ANONYMOUS,
  /** The admin of another tenant. */
  OTHER_TENANT,
  /** A viewer of the same tenant, with whom nothing is shared. */
  VIEWER,
  /** An auditor of the same tenant, who may read recorded data only. */
  AUDITOR,
  /** An admin's key that has expired. */
  EXPIRED,
  /** An admin's key that was revoked. */
  REVOKED,
  /** An admin's token with the signature of another key. */
  FORGED;

  /** Returns whether the service cannot authenticate the caller. */
  boolean isUnknown() {
    return this != OTHER_TENANT && this != VIEWER && this != AUDITOR;
  }
}
