package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.identity.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Messages and statuses that platforms sent, from their receipt on. A message is marked in the
 * transaction that records it in its chat, so that it is recorded once.
 */
@ProcessingGroup(InboundItemTable.GROUP)
class InboundItemTable {
  static final String GROUP = "chat-inbound";

  /** Status of a row. */
  enum ItemStatus {
    PENDING,
    /** It is part of its chat; its media is left. */
    RECORDED,
    DONE
  }

  /** Received item. */
  record StoredItem(
      long number,
      TenantId tenant,
      ChannelId channel,
      String key,
      byte[] payload,
      ItemStatus status,
      int tries,
      Instant dueAt,
      Instant receivedAt) {}

  /** Item to store. */
  record NewItem(
      TenantId tenant, ChannelId channel, String key, String queue, byte[] payload, Instant at) {}

  /**
   * Message that a platform knows.
   *
   * @param isLast whether the id is that of the message's last part
   */
  record SentMessage(ChatId chat, ChatMessageId message, boolean isLast) {}

  private final JdbcClient sql;

  InboundItemTable(JdbcClient sql) {
    this.sql = sql;
  }

  static String messageKey(String platformMessageId) {
    return "message/" + platformMessageId;
  }

  static String statusKey(String platformMessageId, Enum<?> status) {
    return "status/" + status.name() + "/" + platformMessageId;
  }

  /**
   * Marks a message that is recorded.
   *
   * @throws IllegalStateException if it was recorded before: this node has stood still for so long
   *     that another one took its job over
   */
  @EventHandler
  void on(ChatMessageReceived event) {
    var key = messageKey(event.platformMessageId());
    int marked =
        sql.sql(
                """
                update inbound_chat_item set status = ?
                where channel_id = ? and item_key = ? and status = 'PENDING'""")
            .params(
                (event.mediaCount() == 0 ? ItemStatus.DONE : ItemStatus.RECORDED).name(),
                event.channelId().value(),
                key)
            .update();
    if (marked == 0 && exists(event.channelId(), key))
      throw new IllegalStateException("Another node has recorded the message already.");
  }

  private boolean exists(ChannelId channel, String key) {
    return sql.sql(
            """
            select exists (
              select from inbound_chat_item where channel_id = ? and item_key = ?)""")
        .params(channel.value(), key)
        .query(Boolean.class)
        .single();
  }

  @EventHandler
  void on(ChatDeliveryChanged event) {
    if (event.status() != MessageStatus.SENT) return;
    var ids = event.platformMessageIds();
    for (int i = 0; i < ids.size(); i++)
      sql.sql(
              """
              insert into chat_platform_message
              values (?, ?, ?, ?, ?) on conflict do nothing""")
          .params(
              event.channelId().value(),
              ids.get(i),
              event.chatId().value(),
              event.messageId().value(),
              i == ids.size() - 1)
          .update();
  }

  Optional<SentMessage> findSent(ChannelId channel, String platformMessageId) {
    return sql.sql(
            """
            select chat_id, message_id, is_last from chat_platform_message
            where channel_id = ? and platform_message_id = ?""")
        .params(channel.value(), platformMessageId)
        .query(
            (row, number) ->
                new SentMessage(
                    new ChatId(row.getString(1)),
                    new ChatMessageId(row.getString(2)),
                    row.getBoolean(3)))
        .optional();
  }

  /** Acquires the lock of a queue until the end of the transaction. */
  void lock(String queue) {
    acquire(lockName(queue));
  }

  /** Acquires the lock of a chat's files until the end of the transaction. */
  void lockMedia(ChatId chat) {
    acquire("chat-media/" + chat);
  }

  private void acquire(String lock) {
    sql.sql("select true from (select pg_advisory_xact_lock(hashtextextended(?, 0))) held")
        .param(lock)
        .query(Boolean.class)
        .single();
  }

  private static String lockName(String queue) {
    return "chat-inbound/" + queue;
  }

  /**
   * Acquires the lock of the item's queue as {@link #lock} does, then inserts the item, so that the
   * items of a queue are numbered in the order of their transactions; returns false if the platform
   * has sent it before.
   */
  boolean insert(NewItem item) {
    return sql.sql(
                """
                with held as materialized (
                  select pg_advisory_xact_lock(hashtextextended(?, 0)))
                insert into inbound_chat_item
                  (tenant, channel_id, item_key, queue, payload, status, due_at, received_at)
                select ?, ?, ?, ?, ?, 'PENDING', ?, ? from held on conflict do nothing""")
            .params(
                lockName(item.queue()),
                item.tenant().value(),
                item.channel().value(),
                item.key(),
                item.queue(),
                item.payload(),
                Timestamp.from(item.at()),
                Timestamp.from(item.at()))
            .update()
        > 0;
  }

  int countPending(ChannelId channel, int max) {
    return sql.sql(
            """
            select count(*) from (
              select 1 from inbound_chat_item
              where channel_id = ? and status <> 'DONE' limit ?) known""")
        .params(channel.value(), max)
        .query(Integer.class)
        .single();
  }

  /**
   * Returns items of a queue that are due: the oldest ones first, then those that were postponed,
   * which so hold no new one back. A message is not postponed before it is recorded, so the order
   * of messages is kept.
   */
  List<StoredItem> findDue(String queue, ItemStatus status, Instant now, int max) {
    return sql.sql(
            """
            select number, tenant, channel_id, item_key, payload, status, tries, due_at, received_at
            from inbound_chat_item
            where queue = ? and status = ? and status <> 'DONE' and due_at <= ?
            order by tries, number limit ?""")
        .params(queue, status.name(), Timestamp.from(now), max)
        .query(InboundItemTable::toItem)
        .list();
  }

  private static StoredItem toItem(ResultSet row, int number) throws SQLException {
    return new StoredItem(
        row.getLong(1),
        new TenantId(row.getString(2)),
        new ChannelId(row.getString(3)),
        row.getString(4),
        row.getBytes(5),
        ItemStatus.valueOf(row.getString(6)),
        row.getInt(7),
        row.getTimestamp(8).toInstant(),
        row.getTimestamp(9).toInstant());
  }

  Optional<Instant> findNextDueAt(String queue, ItemStatus status) {
    return sql.sql(
            """
            select min(due_at) from inbound_chat_item
            where queue = ? and status = ? and status <> 'DONE'""")
        .params(queue, status.name())
        .query((row, number) -> Optional.ofNullable(row.getTimestamp(1)))
        .single()
        .map(Timestamp::toInstant);
  }

  void complete(long number) {
    sql.sql("update inbound_chat_item set status = 'DONE' where number = ?").param(number).update();
  }

  void postpone(long number, Instant until) {
    sql.sql("update inbound_chat_item set tries = tries + 1, due_at = ? where number = ?")
        .params(Timestamp.from(until), number)
        .update();
  }

  /** Empties the payloads of items that are done and were received before a time; returns them. */
  List<byte[]> emptyExpired(Instant before, int max) {
    return sql.sql(
            """
            with expired as (
              select number, payload from inbound_chat_item
              where received_at < ? and status = 'DONE' and length(payload) > 0
              limit ? for update skip locked)
            update inbound_chat_item i set payload = '' from expired e
            where i.number = e.number returning e.payload""")
        .params(Timestamp.from(before), max)
        .query((row, number) -> row.getBytes(1))
        .list();
  }

  /** Removes items without a payload that were received before a time; returns their number. */
  int removeExpired(Instant before, int max) {
    return sql.sql(
            """
            delete from inbound_chat_item where number in (
              select number from inbound_chat_item
              where received_at < ? and length(payload) = 0 limit ?)""")
        .params(Timestamp.from(before), max)
        .update();
  }
}
