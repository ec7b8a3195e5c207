package io.agentledger.projection.channel;

import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatMediaRefused;
import io.agentledger.api.channel.ChatEvent.ChatMediaStored;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatMessageView.DeliveryStep;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.channel.SenderType;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** Message of a chat. */
@Entity
@Table(name = "chat_message_row")
@SuppressWarnings("NullAway.Init")
public class ChatMessageRow {
  @Id private String id;
  private String chatId;
  private long number;

  @Enumerated(EnumType.STRING)
  private SenderType senderType;

  private String senderId;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent content;

  @Convert(converter = MediaColumn.class)
  private MediaFiles media;

  @Enumerated(EnumType.STRING)
  private MessageStatus status;

  private String failure;

  @Convert(converter = DeliveriesColumn.class)
  private Deliveries deliveries;

  private Instant at;

  /** Sequence number of the event by which the contact sees the message; 0 for none yet. */
  private long visibleSequence;

  protected ChatMessageRow() {}

  ChatMessageRow(ChatMessageReceived event, long sequence) {
    this.id = event.messageId().value();
    this.chatId = event.chatId().value();
    this.number = event.number();
    this.senderType = SenderType.CONTACT;
    this.senderId = "";
    this.content = SealedContent.of(ChatMessageReceived.class, "content", event.content());
    this.media = new MediaFiles(List.of());
    this.status = MessageStatus.RECEIVED;
    this.failure = "";
    this.deliveries = new Deliveries(List.of());
    this.at = event.sentAt();
    this.visibleSequence = sequence;
  }

  ChatMessageRow(ChatMessageSent event, Instant at) {
    this.id = event.messageId().value();
    this.chatId = event.chatId().value();
    this.number = event.number();
    this.senderType = event.sender();
    this.senderId = event.senderId();
    this.content = SealedContent.of(ChatMessageSent.class, "content", event.content());
    this.media = new MediaFiles(List.of());
    this.status = MessageStatus.PENDING;
    this.failure = "";
    this.deliveries = new Deliveries(List.of(new DeliveryStep(MessageStatus.PENDING, null, at)));
    this.at = at;
  }

  /**
   * File of a message that was fetched.
   *
   * @param data null if it was refused
   * @param reason of a refusal; otherwise empty
   */
  public record MediaFile(
      int index, @Nullable SealedContent data, String mediaType, long sizeBytes, String reason) {}

  /** Files that were fetched, in any order. */
  public record MediaFiles(List<MediaFile> files) {
    MediaFiles with(MediaFile file) {
      var changed = new ArrayList<>(files);
      changed.removeIf(known -> known.index() == file.index());
      changed.add(file);
      return new MediaFiles(List.copyOf(changed));
    }
  }

  /** History of the statuses, oldest first. */
  public record Deliveries(List<DeliveryStep> steps) {
    Deliveries with(DeliveryStep step) {
      if (steps.stream().anyMatch(known -> known.status() == step.status())) return this;
      var changed = new ArrayList<>(steps);
      changed.add(step);
      return new Deliveries(List.copyOf(changed));
    }
  }

  void record(ChatMediaStored event) {
    var data = SealedContent.of(ChatMediaStored.class, "data", event.data());
    media =
        media.with(new MediaFile(event.index(), data, event.mediaType(), event.sizeBytes(), ""));
  }

  void record(ChatMediaRefused event) {
    media = media.with(new MediaFile(event.index(), null, "", 0, event.reason()));
  }

  void record(ChatDeliveryChanged event, long sequence) {
    status = event.status();
    if (status == MessageStatus.SENT) visibleSequence = sequence;
    failure = event.failure();
    deliveries =
        deliveries.with(
            new DeliveryStep(
                event.status(), event.failure().isEmpty() ? null : event.failure(), event.at()));
  }

  public String id() {
    return id;
  }

  public String chatId() {
    return chatId;
  }

  public long number() {
    return number;
  }

  public SenderType senderType() {
    return senderType;
  }

  public String senderId() {
    return senderId;
  }

  public @Nullable SealedContent content() {
    return content;
  }

  public List<MediaFile> media() {
    return media.files();
  }

  public MessageStatus status() {
    return status;
  }

  public @Nullable String failure() {
    return failure.isEmpty() ? null : failure;
  }

  public List<DeliveryStep> deliveries() {
    return deliveries.steps();
  }

  public Instant at() {
    return at;
  }

  public long visibleSequence() {
    return visibleSequence;
  }

  @Immutable
  static final class MediaColumn extends JsonConverter<MediaFiles> {
    MediaColumn() {
      super(MediaFiles.class);
    }
  }

  @Immutable
  static final class DeliveriesColumn extends JsonConverter<Deliveries> {
    DeliveriesColumn() {
      super(Deliveries.class);
    }
  }
}
