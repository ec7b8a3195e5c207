package io.agentledger.command.subscription;

import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryStatus;
import io.agentledger.api.subscription.DeliveryView;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.command.subscription.Delivery.Channel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tables of deliveries and their attempts. Of the pending deliveries about one resource, only the
 * first one has a due time, so that they are sent in order. Changes of a channel need its lock.
 */
final class DeliveryTable {
  /** Maximum number of pending deliveries of a subscription; further events are dropped. */
  static final int PENDING_MAX = 10_000;

  private static final List<String> GONE_WITH_SUBSCRIPTION =
      List.of("subscription_channel", "subscription_gap", "subscription_health");

  private static final String SELECT =
      """
      select subscription_id, delivery_id, event_type, event_id, resource_id, sequence, occurred_at,
        attempts, tries, first_try_at
      from subscription_delivery\
      """
          + " ";
  private static final String OF_CHANNEL =
      "where subscription_id = ? and channel = ? and status = 'PENDING' and due_at is not null ";

  private final JdbcClient sql;

  DeliveryTable(JdbcClient sql) {
    this.sql = sql;
  }

  /**
   * Event that a subscription collects.
   *
   * @param eventId of the event's message
   * @param sequence of the event in its stream, from 1
   */
  record CollectedEvent(
      DeliveredEventType type, String eventId, EventOrigin origin, long sequence, Instant at) {}

  /** Acquires the lock of a channel until the end of the transaction. */
  void lock(Channel channel) {
    sql.sql("select true from (select pg_advisory_xact_lock(hashtextextended(?, 0))) held")
        .param("subscription-channel/" + channel.subscription() + "/" + channel.number())
        .query(Boolean.class)
        .single();
  }

  /** Returns how many more deliveries may be pending. */
  int findRoom(SubscriptionId subscription) {
    int pending =
        sql.sql(
                """
                select count(*) from (select 1 from subscription_delivery
                  where subscription_id = ? and status = 'PENDING' limit ?) pending""")
            .params(subscription.value(), PENDING_MAX)
            .query(Integer.class)
            .single();
    return PENDING_MAX - pending;
  }

  /** Counts an event for which there is no room. */
  void recordDropped(SubscriptionId subscription, Instant at) {
    sql.sql(
            """
            insert into subscription_gap as g (subscription_id, dropped_events, last_dropped_at)
            values (?, 1, ?)
            on conflict (subscription_id) do update set
              dropped_events = g.dropped_events + 1, last_dropped_at = excluded.last_dropped_at""")
        .params(subscription.value(), Timestamp.from(at))
        .update();
  }

  /** Returns whether the receiver is still to be told that events were dropped. */
  boolean isGapNoticePending(SubscriptionId subscription) {
    return sql.sql(
            """
            select exists (select 1 from subscription_delivery
              where subscription_id = :id and resource_id = :id and status = 'PENDING'
                and event_type = :type)""")
        .param("id", subscription.value())
        .param("type", DeliveredEventType.SUBSCRIPTION_EVENTS_DROPPED.name())
        .query(Boolean.class)
        .single();
  }

  /** Inserts the delivery of an event, unless it exists. */
  void insert(StoredSubscription to, CollectedEvent event, Instant now) {
    var resource = event.origin().resourceId();
    sql.sql(
            """
            insert into subscription_delivery (subscription_id, delivery_id, tenant, channel,
              event_type, event_id, resource_id, session_id, sequence, occurred_at, created_at,
              status, due_at)
            select :subscription, :delivery, :tenant, :channel, :type, :event, :resource,
              :session::text, :sequence, :at::timestamptz, :now::timestamptz, 'PENDING',
              case when not exists (select 1 from subscription_delivery
                where subscription_id = :subscription and resource_id = :resource
                  and status = 'PENDING') then :now::timestamptz end
            on conflict do nothing""")
        .param("subscription", to.id().value())
        .param("delivery", DeliveryId.of(to.id(), event.eventId()).value())
        .param("tenant", to.tenant().value())
        .param("channel", Channel.of(to.id(), resource).number())
        .param("type", event.type().name())
        .param("event", event.eventId())
        .param("resource", resource)
        .param("session", event.origin().session().map(Object::toString).orElse(null))
        .param("sequence", event.sequence())
        .param("at", Timestamp.from(event.at()))
        .param("now", Timestamp.from(now))
        .update();
  }

  Optional<Delivery> findDue(Channel channel, Instant now) {
    return sql.sql(SELECT + OF_CHANNEL + "and due_at <= ? order by due_at, number limit 1")
        .params(channel.subscription().value(), channel.number(), Timestamp.from(now))
        .query(DeliveryTable::map)
        .optional();
  }

  /** Returns when the next delivery of a channel is due; empty if none is pending. */
  Optional<Instant> findNextDueAt(Channel channel) {
    return sql.sql(
            "select due_at from subscription_delivery " + OF_CHANNEL + "order by due_at limit 1")
        .params(channel.subscription().value(), channel.number())
        .query((row, number) -> row.getTimestamp(1).toInstant())
        .optional();
  }

  Optional<Delivery> find(SubscriptionId subscription, DeliveryId id) {
    return sql.sql(SELECT + "where subscription_id = ? and delivery_id = ?")
        .params(subscription.value(), id.value())
        .query(DeliveryTable::map)
        .optional();
  }

  private static Delivery map(ResultSet row, int number) throws SQLException {
    var firstTryAt = row.getTimestamp("first_try_at");
    return new Delivery(
        new SubscriptionId(row.getString("subscription_id")),
        new DeliveryId(row.getString("delivery_id")),
        DeliveredEventType.valueOf(row.getString("event_type")),
        row.getString("event_id"),
        row.getString("resource_id"),
        row.getLong("sequence"),
        row.getTimestamp("occurred_at").toInstant(),
        row.getInt("attempts"),
        row.getInt("tries"),
        firstTryAt == null ? null : firstTryAt.toInstant());
  }

  /**
   * Records an attempt with the status that follows from it.
   *
   * @param retryAt null if none follows
   */
  void recordAttempt(
      Delivery delivery, DeliveryOutcome outcome, Instant at, @Nullable Instant retryAt) {
    int attempt = delivery.attempts() + 1;
    sql.sql(
            """
            insert into subscription_attempt
              (subscription_id, delivery_id, attempt, at, duration_ms, http_status, failure)
            values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing""")
        .param(delivery.subscription().value())
        .param(delivery.id().value())
        .param(attempt)
        .param(Timestamp.from(at))
        .param(outcome.duration().toMillis())
        .param(outcome.httpStatus())
        .param(outcome.failure())
        .update();
    sql.sql(
            """
            delete from subscription_attempt
            where subscription_id = ? and delivery_id = ? and attempt <= ?""")
        .params(
            delivery.subscription().value(),
            delivery.id().value(),
            attempt - DeliveryView.ATTEMPTS_MAX)
        .update();
    var status =
        outcome.accepted()
            ? DeliveryStatus.DELIVERED
            : retryAt == null ? DeliveryStatus.DEAD : DeliveryStatus.PENDING;
    sql.sql(
            """
            update subscription_delivery set status = :status, attempts = :attempt,
              tries = tries + 1, first_try_at = coalesce(first_try_at, :at), due_at = :retry,
              ended_at = case when :ended then :at::timestamptz end,
              http_status = :http, failure = :failure
            where subscription_id = :subscription and delivery_id = :delivery""")
        .param("status", status.name())
        .param("attempt", attempt)
        .param("at", Timestamp.from(at))
        .param("retry", retryAt == null ? null : Timestamp.from(retryAt))
        .param("ended", status != DeliveryStatus.PENDING)
        .param("http", outcome.httpStatus())
        .param("failure", outcome.failure())
        .param("subscription", delivery.subscription().value())
        .param("delivery", delivery.id().value())
        .update();
    if (status != DeliveryStatus.PENDING) promote(delivery, at);
  }

  /** Removes a delivery that must not be sent. */
  void remove(Delivery delivery, Instant now) {
    for (var table : new String[] {"subscription_attempt", "subscription_delivery"})
      sql.sql("delete from " + table + " where subscription_id = ? and delivery_id = ?")
          .params(delivery.subscription().value(), delivery.id().value())
          .update();
    promote(delivery, now);
  }

  /** Makes the next delivery of the same resource due. */
  private void promote(Delivery ended, Instant now) {
    sql.sql(
            """
            update subscription_delivery set due_at = ?
            where due_at is null and number = (select number from subscription_delivery
              where subscription_id = ? and resource_id = ? and status = 'PENDING'
              order by number limit 1)""")
        .params(Timestamp.from(now), ended.subscription().value(), ended.resourceId())
        .update();
  }

  /** Makes a delivery due, whatever its status is. */
  void redeliver(SubscriptionId subscription, DeliveryId id, Instant now) {
    sql.sql(
            """
            update subscription_delivery set status = 'PENDING', due_at = ?, ended_at = null,
              tries = 0, first_try_at = null
            where subscription_id = ? and delivery_id = ?""")
        .params(Timestamp.from(now), subscription.value(), id.value())
        .update();
  }

  /** Makes all first deliveries due, and ends the break after requests without a response. */
  void resume(SubscriptionId subscription, Instant now) {
    sql.sql(
            """
            update subscription_delivery d set due_at = ?
            where subscription_id = ? and status = 'PENDING'
              and not exists (select 1 from subscription_delivery e
                where e.subscription_id = d.subscription_id and e.resource_id = d.resource_id
                  and e.status = 'PENDING' and e.number < d.number)""")
        .params(Timestamp.from(now), subscription.value())
        .update();
    sql.sql("delete from subscription_channel where subscription_id = ?")
        .param(subscription.value())
        .update();
    sql.sql("delete from subscription_health where subscription_id = ?")
        .param(subscription.value())
        .update();
  }

  /** Returns until when a channel sends nothing; empty if it may send. */
  Optional<Instant> findBreakEnd(Channel channel) {
    return sql.sql(
            "select break_until from subscription_channel where subscription_id = ? and channel = ?")
        .params(channel.subscription().value(), channel.number())
        .query((row, number) -> row.getTimestamp(1).toInstant())
        .optional();
  }

  /** Begins a break after a request without a response, from 1 s, twice as long each time. */
  void startBreak(Channel channel, Instant now, Duration breakMax) {
    sql.sql(
            """
            insert into subscription_channel as c
              (subscription_id, channel, unanswered, break_until)
            values (:subscription, :channel, 1, :now::timestamptz + interval '1 second')
            on conflict (subscription_id, channel) do update set
              unanswered = least(c.unanswered + 1, 20),
              break_until = :now::timestamptz
                + least(power(2, c.unanswered), :max) * interval '1 second'""")
        .param("subscription", channel.subscription().value())
        .param("channel", channel.number())
        .param("now", Timestamp.from(now))
        .param("max", breakMax.toSeconds())
        .update();
  }

  void endBreak(Channel channel) {
    sql.sql("delete from subscription_channel where subscription_id = ? and channel = ?")
        .params(channel.subscription().value(), channel.number())
        .update();
  }

  /** Records a success. */
  void recordSuccess(SubscriptionId subscription) {
    sql.sql("delete from subscription_health where subscription_id = ?")
        .param(subscription.value())
        .update();
  }

  /**
   * Records a failure and returns since when all attempts have failed.
   *
   * @param pauseMax time without an attempt after which the count begins again
   */
  Instant recordFailure(SubscriptionId subscription, Instant now, Duration pauseMax) {
    return sql.sql(
            """
            insert into subscription_health as h (subscription_id, failing_since, last_attempt_at)
            values (:subscription, :now, :now)
            on conflict (subscription_id) do update set
              failing_since = case when h.last_attempt_at < :earliest then excluded.failing_since
                else h.failing_since end,
              last_attempt_at = excluded.last_attempt_at
            returning failing_since""")
        .param("subscription", subscription.value())
        .param("now", Timestamp.from(now))
        .param("earliest", Timestamp.from(now.minus(pauseMax)))
        .query((row, number) -> row.getTimestamp(1).toInstant())
        .single();
  }

  /**
   * Removes rows of deleted subscriptions, and deliveries that were created before a time and are
   * not sent any more; at most {@code max}. Returns how many.
   */
  int removeExpired(Instant before, int max) {
    int removed =
        sql.sql(
                """
                delete from subscription_delivery where number in (
                  select d.number from subscription_delivery d
                    left join subscription_state s using (subscription_id)
                  where s.subscription_id is null
                    or d.created_at < ? and (d.status <> 'PENDING' or not s.active)
                  order by d.created_at limit ?)""")
            .params(Timestamp.from(before), max)
            .update();
    sql.sql(
            """
            delete from subscription_attempt a where not exists (
              select 1 from subscription_delivery d where d.subscription_id = a.subscription_id
                and d.delivery_id = a.delivery_id)""")
        .update();
    for (var table : GONE_WITH_SUBSCRIPTION)
      sql.sql(
              """
              delete from %s t where not exists (select 1 from subscription_state s
                where s.subscription_id = t.subscription_id)"""
                  .formatted(table))
          .update();
    return removed;
  }
}
