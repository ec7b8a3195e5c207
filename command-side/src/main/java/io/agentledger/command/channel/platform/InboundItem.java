package io.agentledger.command.channel.platform;

import java.time.Instant;
import java.util.List;

/** Content of a platform's request. All texts are untrusted. */
public sealed interface InboundItem {
  /** Returns the platform's id of the message, unique in the channel. */
  String platformMessageId();

  /**
   * Message of a contact.
   *
   * @param contactAddress address that replies are sent to, in the platform's form
   * @param contactName name that the contact gave itself; empty if unknown
   * @param text plain text, or the caption of the media; empty for none
   * @param unsupported name of content that is not shown, such as {@code location}; empty for none
   * @param sentAt time of the platform, or of the receipt if it states none
   */
  record InboundMessage(
      String platformMessageId,
      String contactAddress,
      String contactName,
      String text,
      List<MediaReference> media,
      String unsupported,
      Instant sentAt)
      implements InboundItem {
    public InboundMessage {
      media = List.copyOf(media);
    }

    @Override
    public String toString() {
      return "InboundMessage[" + media.size() + " media]";
    }
  }

  /**
   * Status of a message that was sent.
   *
   * @param failure reason of {@link DeliveryReport#FAILED}; otherwise empty
   * @param at time of the platform, or of the receipt if it states none
   */
  record InboundStatus(String platformMessageId, DeliveryReport status, String failure, Instant at)
      implements InboundItem {}

  /** Status that a platform reports. */
  enum DeliveryReport {
    SENT,
    DELIVERED,
    READ,
    FAILED
  }
}
