package io.agentledger.gateway.walk;

/** Somebody who has no business with what is the owner's. */
enum UnauthorizedCaller {
  /** Says nothing of themselves. */
  NOBODY,
  /** The admin of another tenant. */
  OTHER_TENANT,
  /** Of the same tenant, and nothing was shared with them. */
  VIEWER,
  /** Of the same tenant: may read what is on the record, and nothing else. */
  AUDITOR,
  /** With an admin's key whose time is over. */
  EXPIRED,
  /** With an admin's key that was revoked. */
  REVOKED,
  /** With an admin's token that somebody else has signed. */
  FORGED;

  /** Whether the house cannot know them. */
  boolean isUnknown() {
    return this != OTHER_TENANT && this != VIEWER && this != AUDITOR;
  }
}
