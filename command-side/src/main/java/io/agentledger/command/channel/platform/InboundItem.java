package io.agentledger.command.channel.platform;

import java.time.Instant;
import java.util.List;

/** Content of a platform's request. All texts are untrusted. */
public sealed interface InboundItem {
  /** Maximum length of ids and addresses, which are keys of the database. */
  int ID_LENGTH_MAX = 500;

  /** Returns the platform's id of the message, unique in the channel. */
  String platformMessageId();

  /** Returns the item with a time that is not after its receipt, nor before 1970. */
  InboundItem receivedAt(Instant receipt);

  /** Returns whether a text can be a key. */
  static boolean isId(String text) {
    return !text.isEmpty()
        && text.length() <= ID_LENGTH_MAX
        && text.chars()
            .noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
  }

  private static void requireId(String text, String name) {
    if (!isId(text))
      throw new UnreadableRequestException(
          "The %s has no text, control characters, or more than %d characters."
              .formatted(name, ID_LENGTH_MAX));
  }

  private static Instant limit(Instant at, Instant receipt) {
    return at.isAfter(receipt) || at.isBefore(Instant.EPOCH) ? receipt : at;
  }

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
      requireId(platformMessageId, "id of the message");
      requireId(contactAddress, "address of the contact");
      media = List.copyOf(media);
    }

    @Override
    public InboundMessage receivedAt(Instant receipt) {
      return new InboundMessage(
          platformMessageId,
          contactAddress,
          contactName,
          text,
          media,
          unsupported,
          limit(sentAt, receipt));
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
      implements InboundItem {
    public InboundStatus {
      requireId(platformMessageId, "id of the message");
    }

    @Override
    public InboundStatus receivedAt(Instant receipt) {
      return new InboundStatus(platformMessageId, status, failure, limit(at, receipt));
    }
  }

  /** Status that a platform reports. */
  enum DeliveryReport {
    SENT,
    DELIVERED,
    READ,
    FAILED
  }
}
