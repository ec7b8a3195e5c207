package io.agentledger.command.channel.outbound;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.identity.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Messages that wait to be sent. Storing a message needs the lock of its chat. */
final class OutboundTable {
  private final JdbcClient sql;

  OutboundTable(JdbcClient sql) {
    this.sql = sql;
  }

  /**
   * Message that waits.
   *
   * @param sequence position in the stream of the chat
   * @param partIds ids of the parts that the platform accepted
   * @param requested whether a request for the next part began, and its result was not recorded
   * @param tries number of requests for the next part that sent nothing
   * @param firstTryAt time of the first of them; null before
   */
  record PendingMessage(
      ChatId chat,
      long number,
      TenantId tenant,
      ChannelId channel,
      ChatMessageId message,
      long sequence,
      List<String> partIds,
      boolean requested,
      int tries,
      @Nullable Instant firstTryAt,
      Instant dueAt) {}

  /** Acquires the lock of a chat until the end of the transaction. */
  void lock(ChatId chat) {
    sql.sql("select true from (select pg_advisory_xact_lock(hashtextextended(?, 0))) held")
        .param("chat-outbound/" + chat)
        .query(Boolean.class)
        .single();
  }

  void insert(PendingMessage message) {
    sql.sql(
            """
            insert into chat_outbound_message
              (chat_id, number, tenant, channel_id, message_id, sequence, due_at)
            values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing""")
        .params(
            message.chat().value(),
            message.number(),
            message.tenant().value(),
            message.channel().value(),
            message.message().value(),
            message.sequence(),
            Timestamp.from(message.dueAt()))
        .update();
  }

  /** Returns the oldest message of a chat: others wait for it, so that their order is kept. */
  Optional<PendingMessage> findFirst(ChatId chat) {
    return sql.sql(
            """
            select chat_id, number, tenant, channel_id, message_id, sequence, part_ids, requested,
              tries, first_try_at, due_at
            from chat_outbound_message where chat_id = ? order by number limit 1""")
        .param(chat.value())
        .query(OutboundTable::toMessage)
        .optional();
  }

  private static PendingMessage toMessage(ResultSet row, int number) throws SQLException {
    var firstTryAt = row.getTimestamp(10);
    return new PendingMessage(
        new ChatId(row.getString(1)),
        row.getLong(2),
        new TenantId(row.getString(3)),
        new ChannelId(row.getString(4)),
        new ChatMessageId(row.getString(5)),
        row.getLong(6),
        List.copyOf(Arrays.asList((String[]) row.getArray(7).getArray())),
        row.getBoolean(8),
        row.getInt(9),
        firstTryAt == null ? null : firstTryAt.toInstant(),
        row.getTimestamp(11).toInstant());
  }

  /** Returns the chats of a channel that have messages to send. */
  List<ChatId> listChats(ChannelId channel) {
    return sql.sql(
            "select distinct chat_id from chat_outbound_message where channel_id = ? order by 1")
        .param(channel.value())
        .query((row, number) -> new ChatId(row.getString(1)))
        .list();
  }

  /** Records, before it is sent, that the request of the next part begins. */
  void startRequest(PendingMessage message) {
    sql.sql(
            """
            update chat_outbound_message set requested = true where chat_id = ? and number = ?""")
        .params(message.chat().value(), message.number())
        .update();
  }

  /** Records that the platform accepted the next part. */
  void recordPart(PendingMessage message, String platformId) {
    sql.sql(
            """
            update chat_outbound_message
            set part_ids = part_ids || ?::text, requested = false, tries = 0, first_try_at = null
            where chat_id = ? and number = ?""")
        .params(platformId, message.chat().value(), message.number())
        .update();
  }

  /** Records that the next part was not sent, or may be sent again, and when. */
  void recordFailure(PendingMessage message, Instant at, Instant retryAt) {
    sql.sql(
            """
            update chat_outbound_message
            set requested = false, tries = tries + 1, first_try_at = coalesce(first_try_at, ?),
              due_at = ?
            where chat_id = ? and number = ?""")
        .params(
            Timestamp.from(at), Timestamp.from(retryAt), message.chat().value(), message.number())
        .update();
  }

  /** Makes a message wait for a limit; no request began. */
  void postpone(PendingMessage message, Instant until) {
    sql.sql("update chat_outbound_message set due_at = ? where chat_id = ? and number = ?")
        .params(Timestamp.from(until), message.chat().value(), message.number())
        .update();
  }

  void remove(ChatMessageId message) {
    sql.sql("delete from chat_outbound_message where message_id = ?")
        .param(message.value())
        .update();
  }
}
