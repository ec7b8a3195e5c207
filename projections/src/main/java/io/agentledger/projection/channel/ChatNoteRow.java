package io.agentledger.projection.channel;

import io.agentledger.api.channel.ChatEvent.ChatNoteAdded;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Note about a chat. */
@Entity
@Table(name = "chat_note_row")
@SuppressWarnings("NullAway.Init")
public class ChatNoteRow {
  @Id private String id;
  private String chatId;
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
