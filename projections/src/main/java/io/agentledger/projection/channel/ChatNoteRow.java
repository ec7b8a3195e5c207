package io.agentledger.projection.channel;

import io.agentledger.api.channel.ChatEvent.ChatEscalated;
import io.agentledger.api.channel.ChatEvent.ChatNoteAdded;
import io.agentledger.api.channel.ChatNoteId;
import io.agentledger.api.identity.Actor.ActorType;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.Ids;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** Note about a chat. */
@Entity
@Table(name = "chat_note_row")
@SuppressWarnings("NullAway.Init")
public class ChatNoteRow {
  @Id private String id;
  private String chatId;

  /** Empty for the agent, and for the service. */
  private String author;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent text;

  private Instant at;

  protected ChatNoteRow() {}

  ChatNoteRow(ChatNoteAdded event, Instant at) {
    this.id = event.noteId().value();
    this.chatId = event.chatId().value();
    this.author = event.by().value();
    this.text = SealedContent.of(ChatNoteAdded.class, "text", event.text());
    this.at = at;
  }

  /** Creates the note with the reason of an escalation. */
  ChatNoteRow(ChatEscalated event, DomainEventMessage<?> message) {
    var actor = Provenance.of(message.getMetaData()).actor();
    this.id =
        Ids.derived(
            ChatNoteId.PREFIX, event.chatId().value(), Long.toString(message.getSequenceNumber()));
    this.chatId = event.chatId().value();
    this.author = actor.type() == ActorType.USER ? actor.id() : "";
    this.text = SealedContent.of(ChatEscalated.class, "reason", event.reason());
    this.at = message.getTimestamp();
  }

  public String id() {
    return id;
  }

  public String chatId() {
    return chatId;
  }

  public String author() {
    return author;
  }

  public @Nullable SealedContent text() {
    return text;
  }

  public Instant at() {
    return at;
  }
}
