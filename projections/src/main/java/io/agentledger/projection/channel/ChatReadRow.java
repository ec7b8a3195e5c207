package io.agentledger.projection.channel;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** Number of the last message of a chat that a user has read. */
@Entity
@Table(name = "chat_read_row")
@SuppressWarnings("NullAway.Init")
public class ChatReadRow {
  @EmbeddedId private Key key;
  private long through;

  protected ChatReadRow() {}

  ChatReadRow(Key key) {
    this.key = key;
  }

  /** Chat and user. */
  @Embeddable
  public record Key(
      @Column(name = "chat_id") String chatId, @Column(name = "user_id") String userId) {}

  void moveTo(long number) {
    through = number;
  }

  public Key key() {
    return key;
  }

  public long through() {
    return through;
  }
}
