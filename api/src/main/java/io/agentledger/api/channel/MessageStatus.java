package io.agentledger.api.channel;

/** Delivery status of a message. A message never gets an earlier one; a failure is final. */
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
  /** The contact sent it. */
  RECEIVED;

  /** Returns whether a message with this status may get the other one. */
  public boolean mayBecome(MessageStatus other) {
    if (this == RECEIVED || this == FAILED || other == RECEIVED) return false;
    if (other == FAILED) return this == PENDING || this == SENT;
    return other.ordinal() > ordinal();
  }
}
