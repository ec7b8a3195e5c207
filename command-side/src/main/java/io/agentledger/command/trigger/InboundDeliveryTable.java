package io.agentledger.command.trigger;

import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.DeliveryStatus;
import io.agentledger.api.trigger.InboundDeliveryEvent;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryMerged;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryProcessed;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryRedelivered;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.store.event.JsonMappers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Table of the webhooks that triggers received. A row is inserted before the webhook is
 * acknowledged; its result is written in the transaction of its event.
 */
@ProcessingGroup(InboundDeliveryTable.GROUP)
class InboundDeliveryTable {
  static final String GROUP = "inbound-deliveries";
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** Deliveries of a key among which those that were processed again are found. */
  private static final int LATEST_MAX = 100;

  private final JdbcClient sql;
  private final Runnable onPending;

  /**
   * @param onPending called after a commit that leaves a pending delivery
   */
  InboundDeliveryTable(JdbcClient sql, Runnable onPending) {
    this.sql = sql;
    this.onPending = onPending;
  }

  /**
   * Webhook to store.
   *
   * @param providerDeliveryId id that the provider gave it
   * @param replayKey equal for the same signed content; null if the scheme signs none
   * @param payload sealed, as JSON
   */
  record NewDelivery(
      InboundDeliveryId id,
      TenantId tenant,
      TriggerId trigger,
      String providerDeliveryId,
      @Nullable String replayKey,
      String eventType,
      boolean signed,
      String requestId,
      RequestSource source,
      byte[] payload,
      long payloadBytes,
      Instant at) {}

  /**
   * Delivery that waits to be processed.
   *
   * @param tries attempts that failed
   * @param unfinished attempts in a row from which a process did not return
   */
  record PendingDelivery(
      InboundDeliveryId id,
      long sequence,
      TriggerId trigger,
      boolean signed,
      String eventType,
      String requestId,
      RequestSource source,
      byte[] payload,
      int attempt,
      int tries,
      int unfinished,
      Instant dueAt) {}

  /** Inserts a delivery; returns the id of the one that the provider sent before, if it did. */
  Optional<InboundDeliveryId> insert(NewDelivery delivery) {
    int inserted =
        sql.sql(
                """
                insert into inbound_delivery (delivery_id, tenant, trigger_id, provider_delivery_id,
                  replay_key, event_type, signed, request_id, source_address, user_agent, payload,
                  payload_bytes, status, attempt, tries, received_at, due_at)
                values (:id, :tenant, :trigger, :providerId, :replay, :event, :signed, :request,
                  :ip, :agent, :payload, :bytes, 'PENDING', 1, 0, :at, :at)
                on conflict do nothing""")
            .param("id", delivery.id().value())
            .param("tenant", delivery.tenant().value())
            .param("trigger", delivery.trigger().value())
            .param("providerId", delivery.providerDeliveryId())
            .param("replay", delivery.replayKey())
            .param("event", delivery.eventType())
            .param("signed", delivery.signed())
            .param("request", delivery.requestId())
            .param("ip", delivery.source().ip())
            .param("agent", delivery.source().userAgent())
            .param("payload", delivery.payload())
            .param("bytes", delivery.payloadBytes())
            .param("at", Timestamp.from(delivery.at()))
            .update();
    if (inserted == 0)
      return Optional.of(
          findEarlier(delivery.trigger(), delivery.providerDeliveryId(), delivery.replayKey())
              .orElseThrow(() -> new IllegalStateException("the id of a delivery is not unique")));
    onPending.run();
    return Optional.empty();
  }

  /**
   * Returns the delivery that has the id of the provider or the signed content; of deliveries that
   * were deleted, only the signed content is known.
   */
  Optional<InboundDeliveryId> findEarlier(
      TriggerId trigger, String providerDeliveryId, @Nullable String replayKey) {
    return sql.sql(
            """
            (select delivery_id from inbound_delivery
              where trigger_id = :trigger
                and (provider_delivery_id = :providerId or replay_key = :replay)
              order by sequence limit 1)
            union all
            select delivery_id from inbound_signature
            where trigger_id = :trigger and digest = sha256(convert_to(:replay::text, 'UTF8'))
            limit 1""")
        .param("trigger", trigger.value())
        .param("providerId", providerDeliveryId)
        .param("replay", replayKey, java.sql.Types.VARCHAR)
        .query(String.class)
        .optional()
        .map(InboundDeliveryId::new);
  }

  /** Returns the number of pending deliveries of a trigger, at most {@code max}. */
  int countPending(TriggerId trigger, int max) {
    return sql.sql(
            """
            select count(*) from (
              select 1 from inbound_delivery where trigger_id = ? and status = 'PENDING' limit ?)
              pending""")
        .params(trigger.value(), max)
        .query(Integer.class)
        .single();
  }

  /** Returns the oldest pending delivery of a trigger. */
  Optional<PendingDelivery> findNext(TriggerId trigger) {
    return sql.sql(
            """
            select delivery_id, sequence, trigger_id, signed, event_type, request_id,
              source_address, user_agent, payload, attempt, tries, unfinished,
              due_at
            from inbound_delivery where trigger_id = ? and status = 'PENDING'
            order by sequence limit 1""")
        .param(trigger.value())
        .query(InboundDeliveryTable::toPending)
        .optional();
  }

  private static PendingDelivery toPending(ResultSet row, int number) throws SQLException {
    return new PendingDelivery(
        new InboundDeliveryId(row.getString(1)),
        row.getLong(2),
        new TriggerId(row.getString(3)),
        row.getBoolean(4),
        row.getString(5),
        row.getString(6),
        new RequestSource(row.getString(7), row.getString(8)),
        row.getBytes(9),
        row.getInt(10),
        row.getInt(11),
        row.getInt(12),
        row.getTimestamp(13).toInstant());
  }

  /** Records that an attempt begins, before it can end this process. */
  void recordStart(InboundDeliveryId id) {
    sql.sql("update inbound_delivery set unfinished = unfinished + 1 where delivery_id = ?")
        .param(id.value())
        .update();
  }

  /** Lets a delivery be tried again later. */
  void postpone(InboundDeliveryId id, Instant dueAt) {
    sql.sql(
            """
            update inbound_delivery set due_at = ?, tries = tries + 1, unfinished = 0
            where delivery_id = ?""")
        .params(Timestamp.from(dueAt), id.value())
        .update();
  }

  /** Records the concurrency key of a delivery, and the type of its event as its payload has it. */
  void describe(InboundDeliveryId id, String concurrencyKey, String eventType) {
    sql.sql(
            """
            update inbound_delivery set concurrency_key = nullif(?, ''), event_type = ?
            where delivery_id = ?""")
        .params(concurrencyKey, eventType, id.value())
        .update();
  }

  /**
   * Earlier delivery whose execution or flow may still wait.
   *
   * @param attempt that started it
   */
  record Predecessor(InboundDeliveryId id, int attempt, DeliveryStatus status) {}

  /**
   * Returns deliveries of a key that may wait: the last one before another, and those of the last
   * ones that were processed again. All others are before one that is processed again itself.
   */
  List<Predecessor> listPredecessors(PendingDelivery delivery, String concurrencyKey) {
    return sql.sql(
            """
            with latest as (
              select delivery_id, attempt, status, sequence from inbound_delivery
              where trigger_id = :trigger and concurrency_key = :key and delivery_id <> :id
                and status in ('QUEUED', 'FLOW_STARTED') and (sequence < :sequence or :again)
              order by sequence desc limit :max)
            select delivery_id, attempt, status from latest
            where attempt > 1 or sequence = (select max(sequence) from latest)
            order by sequence""")
        .param("trigger", delivery.trigger().value())
        .param("key", concurrencyKey)
        .param("id", delivery.id().value())
        .param("sequence", delivery.sequence())
        .param("again", delivery.attempt() > 1)
        .param("max", LATEST_MAX)
        .query(
            (row, number) ->
                new Predecessor(
                    new InboundDeliveryId(row.getString(1)),
                    row.getInt(2),
                    DeliveryStatus.valueOf(row.getString(3))))
        .list();
  }

  /**
   * Returns the number of replies of a trigger since a time, with those that failed, at most {@code
   * max}.
   */
  int countReplies(TriggerId trigger, Instant since, int max) {
    return sql.sql(
            """
            select count(*) from (
              select 1 from inbound_delivery
              where trigger_id = ? and received_at > ?
                and (status = 'ANSWERED'
                  or status = 'FAILED' and outcome::json ->> 'code' in (?, ?))
              limit ?) replies""")
        .params(
            trigger.value(),
            Timestamp.from(since),
            HelpReplies.UNAVAILABLE,
            HelpReplies.REFUSED,
            max)
        .query(Integer.class)
        .single();
  }

  boolean exists(InboundDeliveryId id) {
    return sql.sql("select exists (select 1 from inbound_delivery where delivery_id = ?)")
        .param(id.value())
        .query(Boolean.class)
        .single();
  }

  @EventHandler
  void on(InboundDeliveryEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case InboundDeliveryProcessed processed ->
          record(
              processed.deliveryId(),
              processed.attempt(),
              processed.outcome(),
              message.getTimestamp());
      case InboundDeliveryMerged merged ->
          record(
              merged.deliveryId(),
              merged.attempt(),
              new DeliveryOutcome.Merged(merged.into()),
              message.getTimestamp());
      case InboundDeliveryRedelivered redelivered -> {
        sql.sql(
                """
                update inbound_delivery set status = 'PENDING', attempt = ?, tries = 0,
                  unfinished = 0,
                  outcome = null, execution_id = null, processed_at = null, due_at = ?
                where delivery_id = ?""")
            .params(
                redelivered.attempt(),
                Timestamp.from(message.getTimestamp()),
                redelivered.deliveryId().value())
            .update();
        CurrentUnitOfWork.get().afterCommit(unit -> onPending.run());
      }
    }
  }

  private void record(InboundDeliveryId id, int attempt, DeliveryOutcome outcome, Instant at) {
    var status =
        switch (outcome) {
          case DeliveryOutcome.Queued _ -> DeliveryStatus.QUEUED;
          case DeliveryOutcome.StartedFlow _ -> DeliveryStatus.FLOW_STARTED;
          case DeliveryOutcome.Decided _ -> DeliveryStatus.DECIDED;
          case DeliveryOutcome.Answered _ -> DeliveryStatus.ANSWERED;
          case DeliveryOutcome.Ignored _ -> DeliveryStatus.IGNORED;
          case DeliveryOutcome.Merged _ -> DeliveryStatus.MERGED;
          case DeliveryOutcome.Failed _ -> DeliveryStatus.FAILED;
        };
    sql.sql(
            """
            update inbound_delivery set status = :status, outcome = :outcome,
              execution_id = coalesce(:execution, execution_id), processed_at = :at
            where delivery_id = :id and attempt = :attempt""")
        .param("status", status.name())
        .param("outcome", JSON.writerFor(DeliveryOutcome.class).writeValueAsString(outcome))
        .param(
            "execution",
            outcome instanceof DeliveryOutcome.Queued queued ? queued.executionId().value() : null,
            java.sql.Types.VARCHAR)
        .param("at", Timestamp.from(at))
        .param("id", id.value())
        .param("attempt", attempt)
        .update();
  }

  /** Old delivery with its sealed payload. */
  record ExpiredDelivery(InboundDeliveryId id, byte[] payload) {}

  /** Returns deliveries that were received earlier. */
  List<ExpiredDelivery> findBefore(Instant limit, int max) {
    return sql.sql(
            """
            select delivery_id, payload from inbound_delivery where received_at < ?
            order by received_at limit ?""")
        .params(Timestamp.from(limit), max)
        .query(
            (row, number) ->
                new ExpiredDelivery(new InboundDeliveryId(row.getString(1)), row.getBytes(2)))
        .list();
  }

  /** Deletes deliveries, and keeps the digests of their signatures. */
  void delete(List<InboundDeliveryId> ids) {
    sql.sql(
            """
            with deleted as (
              delete from inbound_delivery where delivery_id = any(?)
              returning trigger_id, replay_key, delivery_id, received_at)
            insert into inbound_signature (trigger_id, digest, delivery_id, received_at)
            select trigger_id, sha256(convert_to(replay_key, 'UTF8')), delivery_id, received_at
            from deleted where replay_key is not null
            on conflict do nothing""")
        .param(ids.stream().map(InboundDeliveryId::value).toArray(String[]::new))
        .update();
  }

  /** Deletes digests of deliveries that were received earlier; returns how many. */
  int deleteSignaturesBefore(Instant limit, int max) {
    return sql.sql(
            """
            delete from inbound_signature where (trigger_id, digest) in (
              select trigger_id, digest from inbound_signature
              where received_at < ? order by received_at limit ?)""")
        .params(Timestamp.from(limit), max)
        .update();
  }
}
