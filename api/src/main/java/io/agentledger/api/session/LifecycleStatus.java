package io.agentledger.api.session;

/** Lifecycle status of a session. */
public enum LifecycleStatus {
  /** Takes queries and carries them out. */
  OPEN,
  /** Takes queries and lets them wait. */
  PAUSED,
  /** Nobody used it for long; it can be restored. */
  EXPIRED,
  /** Put away; it can be restored. */
  ARCHIVED,
  /** For good. */
  CLOSED,
  /** For good, and out of sight. */
  DELETED
}
