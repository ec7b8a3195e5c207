package io.agentledger.api.session;

/** Lifecycle status of a session. */
public enum LifecycleStatus {
  /** Accepts and executes queries. */
  OPEN,
  /** Accepts queries and queues them. */
  PAUSED,
  /** Was not used for a long time; it can be restored. */
  EXPIRED,
  /** Archived by a user; it can be restored. */
  ARCHIVED,
  /** Ended permanently. */
  CLOSED,
  /** Ended permanently, and hidden. */
  DELETED
}
