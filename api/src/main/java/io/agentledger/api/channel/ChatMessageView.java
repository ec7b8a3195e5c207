package io.agentledger.api.channel;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Message of a chat.
 *
 * @param number from 1 in its chat
 * @param senderId user or agent; null for the contact, and for an agent without an id
 * @param text empty if it has none, and if its content was erased
 * @param unsupported name of content that is not shown; empty for none
 * @param template null for none
 * @param failure reason of a failure; null for none
 * @param waiting why it waits; null unless it is pending
 * @param deliveries history of its statuses, oldest first; null in lists
 * @param at time of the contact's platform, or of acceptance
 */
public record ChatMessageView(
    ChatMessageId id,
    ChatId chatId,
    long number,
    SenderType senderType,
    @Nullable String senderId,
    String text,
    String unsupported,
    List<MediaView> media,
    ChatMessageContent.@Nullable Template template,
    MessageStatus status,
    @Nullable String failure,
    @Nullable Waiting waiting,
    @Nullable List<DeliveryStep> deliveries,
    Instant at) {
  /**
   * File of a message.
   *
   * @param status pending, stored or refused
   * @param mediaType type of the bytes once they are stored; the declared one before
   * @param reason reason of a refusal; null for none
   */
  public record MediaView(
      int index,
      String name,
      MediaStatus status,
      String mediaType,
      long sizeBytes,
      @Nullable String reason) {}

  /** Status of a file. */
  public enum MediaStatus {
    PENDING,
    STORED,
    REFUSED
  }

  /**
   * Why a pending message waits.
   *
   * @param failure last failure, or the limit that was reached; null for none
   * @param tries number of requests in sequence that failed
   * @param nextTryAt time of the next request; null unless a time is awaited
   */
  public record Waiting(
      WaitingReason reason, @Nullable String failure, int tries, @Nullable Instant nextTryAt) {}

  /** Reason for which a message waits. */
  public enum WaitingReason {
    /** Nothing: it is sent next. */
    QUEUED,
    /** A request has begun. */
    SENDING,
    /** The last request failed. */
    RETRY,
    /** The platform limits messages. */
    RATE_LIMITED,
    /** Messages of a chat are sent in order. */
    PREVIOUS_MESSAGE,
    CHANNEL_PAUSED
  }

  /** Status that a message got. */
  public record DeliveryStep(MessageStatus status, @Nullable String failure, Instant at) {}
}
