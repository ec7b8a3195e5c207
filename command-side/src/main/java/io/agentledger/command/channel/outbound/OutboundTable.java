package io.agentledger.command.channel.outbound;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatMessageView.Waiting;
import io.agentledger.api.channel.ChatMessageView.WaitingReason;
import io.agentledger.api.channel.OutboundMessages;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.channel.MessageQueue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Messages that wait to be sent. Storing a message needs the lock of its chat. */
final class OutboundTable implements MessageQueue, OutboundMessages {
  /** Code of failures by limits of the platform. */
  static final String RATE_LIMITED = "rate_limited";

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

  /**
   * Returns the oldest message of a chat: others wait for it, so that their order is kept. Those of
   * a paused channel wait until it is resumed.
   */
  Optional<PendingMessage> findNext(ChatId chat) {
    return sql.sql(
            """
            select chat_id, number, tenant, channel_id, message_id, sequence, part_ids, requested,
              tries, first_try_at, due_at
            from chat_outbound_message m
            where chat_id = ? and not exists (
              select from channel_lookup c
              where c.channel_id = m.channel_id and c.paused and not c.archived)
            order by number limit 1""")
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

  /**
   * Records, before it is sent, that the request of the next part begins. Waits for a transaction
   * that cancels the message.
   *
   * @return false if the message does not wait any more, and must not be sent
   */
  boolean startRequest(PendingMessage message) {
    return sql.sql(
                """
                update chat_outbound_message set requested = true
                where chat_id = ? and number = ?""")
            .params(message.chat().value(), message.number())
            .update()
        > 0;
  }

  @Override
  public boolean lockUnsent(ChatMessageId message) {
    return sql.sql(
            """
            select not requested and not outcome_unknown and cardinality(part_ids) = 0
            from chat_outbound_message where message_id = ? for update""")
        .param(message.value())
        .query(Boolean.class)
        .optional()
        .orElse(false);
  }

  /** Records that the platform accepted the next part. */
  void recordPart(PendingMessage message, String platformId) {
    sql.sql(
            """
            update chat_outbound_message
            set part_ids = part_ids || ?::text, requested = false, tries = 0, first_try_at = null,
              failure = '', outcome_unknown = false
            where chat_id = ? and number = ?""")
        .params(platformId, message.chat().value(), message.number())
        .update();
  }

  /**
   * Records that the next part was not sent, or may be sent again, and when.
   *
   * @param failure reason, which users see
   * @param unknown whether the contact may have the part
   */
  void recordFailure(
      PendingMessage message, Instant at, Instant retryAt, String failure, boolean unknown) {
    sql.sql(
            """
            update chat_outbound_message
            set requested = false, tries = tries + 1, first_try_at = coalesce(first_try_at, ?),
              due_at = ?, failure = ?, outcome_unknown = outcome_unknown or ?
            where chat_id = ? and number = ?""")
        .params(
            Timestamp.from(at),
            Timestamp.from(retryAt),
            failure,
            unknown,
            message.chat().value(),
            message.number())
        .update();
  }

  /**
   * Makes a message wait for a limit; no request began.
   *
   * @param reason the limit, which users see
   */
  void postpone(PendingMessage message, Instant until, String reason) {
    sql.sql(
            """
            update chat_outbound_message set due_at = ?, failure = ?
            where chat_id = ? and number = ?""")
        .params(Timestamp.from(until), reason, message.chat().value(), message.number())
        .update();
  }

  @Override
  public Map<ChatMessageId, Waiting> findWaiting(ChatId chat, List<ChatMessageId> ids) {
    var waiting = new HashMap<ChatMessageId, Waiting>();
    sql.sql(
            """
            select m.message_id, c.paused and not c.archived, m.number > f.number, m.requested,
              m.failure, m.tries, m.due_at
            from chat_outbound_message m
            join channel_lookup c on c.channel_id = m.channel_id
            join (
              select number from chat_outbound_message where chat_id = ? order by number limit 1
            ) f on true
            where m.chat_id = ? and m.message_id = any(?)""")
        .params(
            chat.value(),
            chat.value(),
            ids.stream().map(ChatMessageId::value).toArray(String[]::new))
        .query(
            row -> {
              waiting.put(new ChatMessageId(row.getString(1)), toWaiting(row));
            });
    return waiting;
  }

  private static Waiting toWaiting(ResultSet row) throws SQLException {
    var failure = row.getString(5);
    var reason = reasonOf(row, failure);
    boolean hasTime = reason == WaitingReason.RETRY || reason == WaitingReason.RATE_LIMITED;
    return new Waiting(
        reason,
        failure.isEmpty() ? null : failure,
        row.getInt(6),
        hasTime ? row.getTimestamp(7).toInstant() : null);
  }

  private static WaitingReason reasonOf(ResultSet row, String failure) throws SQLException {
    if (row.getBoolean(2)) return WaitingReason.CHANNEL_PAUSED;
    if (row.getBoolean(3)) return WaitingReason.PREVIOUS_MESSAGE;
    if (row.getBoolean(4)) return WaitingReason.SENDING;
    if (failure.isEmpty()) return WaitingReason.QUEUED;
    return failure.startsWith(RATE_LIMITED + ": ")
        ? WaitingReason.RATE_LIMITED
        : WaitingReason.RETRY;
  }

  void remove(ChatMessageId message) {
    sql.sql("delete from chat_outbound_message where message_id = ?")
        .param(message.value())
        .update();
  }
}
