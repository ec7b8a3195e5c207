package io.agentledger.command.channel.platform;

import java.time.Duration;

/** Result of sending a part. Reasons are sentences that are safe to show. */
public sealed interface SendResult {
  /**
   * The platform accepted the part.
   *
   * @param platformMessageId id that statuses name; empty if the platform gives none, or one that
   *     cannot be an id
   */
  record Sent(String platformMessageId) implements SendResult {
    public Sent {
      if (!InboundItem.isId(platformMessageId)) platformMessageId = "";
    }
  }

  /** The platform refused the part for good; the same request would be refused again. */
  record Rejected(String reason) implements SendResult {}

  /** The platform refused the part because of a limit of rate. */
  record RateLimited(Duration retryAfter) implements SendResult {}

  /** The part was not sent: the platform cannot be reached or serves no requests now. */
  record Unavailable(String reason) implements SendResult {}

  /** The request was sent, but its result is not known: the contact may have the message. */
  record OutcomeUnknown(String reason) implements SendResult {}
}
