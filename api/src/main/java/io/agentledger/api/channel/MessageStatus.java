package io.agentledger.api.channel;

/**
 * Delivery status of a message. A message never gets an earlier one; a failure and a cancellation
 * are final.
 */
public enum MessageStatus {
  /** It waits to be sent. */
  PENDING,
  /** The platform accepted it. */
  SENT,
  /** It was delivered to the contact. */
  DELIVERED,
  /** The contact read it. */
  READ,
  FAILED,
  /** A user cancelled it before it was sent. */
  CANCELLED,
  /** The contact sent it. */
  RECEIVED;

  /** Returns whether a message with this status may get the other one. */
  public boolean mayBecome(MessageStatus other) {
    if (isFinal() || other == RECEIVED) return false;
    if (other == CANCELLED) return this == PENDING;
    if (other == FAILED) return this == PENDING || this == SENT;
    return other.ordinal() > ordinal();
  }

  private boolean isFinal() {
    return this == RECEIVED || isUnsent();
  }

  /** Returns whether a message with this status was not sent, and will not be. */
  public boolean isUnsent() {
    return this == FAILED || this == CANCELLED;
  }
}
