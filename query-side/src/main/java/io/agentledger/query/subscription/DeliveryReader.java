package io.agentledger.query.subscription;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryStatus;
import io.agentledger.api.subscription.DeliveryView;
import io.agentledger.api.subscription.DeliveryView.DeliveryAttempt;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionQuery.DeliveryFilter;
import io.agentledger.query.support.NewestFirstPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the log of deliveries, which the command side writes. */
record DeliveryReader(JdbcClient sql) {
  private static final String SELECT =
      """
      select subscription_id, delivery_id, event_type, event_id, resource_id, session_id,
        occurred_at, created_at, status, attempts, due_at, http_status, failure, ended_at
      from subscription_delivery where subscription_id = :subscription
      """;

  /** Returns deliveries newest first, after a position. */
  List<DeliveryView> list(
      SubscriptionId subscription, DeliveryFilter filter, NewestFirstPosition after, int limit) {
    return sql.sql(
            SELECT
                + """
                and (:status = '' or status = :status) and (:type = '' or event_type = :type)
                and (created_at, delivery_id) < (:at, :id)
                order by created_at desc, delivery_id desc limit :limit""")
        .param("subscription", subscription.value())
        .param("status", filter.status() == null ? "" : filter.status().name())
        .param("type", filter.eventType() == null ? "" : filter.eventType().name())
        .param("at", Timestamp.from(after.at()))
        .param("id", after.id())
        .param("limit", limit)
        .query((row, number) -> view(row, null))
        .list();
  }

  /** Returns a delivery with its attempts. */
  Optional<DeliveryView> find(SubscriptionId subscription, DeliveryId delivery) {
    var attempts = listAttempts(subscription, delivery);
    return sql.sql(SELECT + "and delivery_id = :delivery")
        .param("subscription", subscription.value())
        .param("delivery", delivery.value())
        .query((row, number) -> view(row, attempts))
        .optional();
  }

  private List<DeliveryAttempt> listAttempts(SubscriptionId subscription, DeliveryId delivery) {
    return sql.sql(
            """
            select attempt, at, duration_ms, http_status, failure from subscription_attempt
            where subscription_id = ? and delivery_id = ? order by attempt limit ?""")
        .params(subscription.value(), delivery.value(), DeliveryView.ATTEMPTS_MAX)
        .query(
            (row, number) ->
                new DeliveryAttempt(
                    row.getInt("attempt"),
                    row.getTimestamp("at").toInstant(),
                    row.getLong("duration_ms"),
                    row.getObject("http_status", Integer.class),
                    row.getString("failure")))
        .list();
  }

  /**
   * State of the deliveries of a subscription.
   *
   * @param failingSince null unless the last request failed
   * @param lastDroppedAt null if no event was dropped
   */
  record Health(
      @Nullable Instant failingSince, long droppedEvents, @Nullable Instant lastDroppedAt) {
    static final Health GOOD = new Health(null, 0, null);
  }

  /** Returns the state of the deliveries of subscriptions, by their ids. */
  Map<String, Health> findHealth(List<String> subscriptions) {
    var health = new HashMap<String, Health>();
    if (subscriptions.isEmpty()) return health;
    sql.sql(
            """
            select subscription_id, failing_since, coalesce(dropped_events, 0) as dropped_events,
              last_dropped_at
            from subscription_health full join subscription_gap using (subscription_id)
            where subscription_id in (:ids)""")
        .param("ids", subscriptions)
        .query(
            (ResultSet row) -> {
              health.put(
                  row.getString("subscription_id"),
                  new Health(
                      instant(row, "failing_since"),
                      row.getLong("dropped_events"),
                      instant(row, "last_dropped_at")));
            });
    return health;
  }

  private static DeliveryView view(ResultSet row, @Nullable List<DeliveryAttempt> attempts)
      throws SQLException {
    var session = row.getString("session_id");
    return new DeliveryView(
        new DeliveryId(row.getString("delivery_id")),
        new SubscriptionId(row.getString("subscription_id")),
        DeliveredEventType.valueOf(row.getString("event_type")),
        row.getString("event_id"),
        row.getString("resource_id"),
        session == null ? null : new SessionId(session),
        row.getTimestamp("occurred_at").toInstant(),
        row.getTimestamp("created_at").toInstant(),
        DeliveryStatus.valueOf(row.getString("status")),
        row.getInt("attempts"),
        instant(row, "due_at"),
        row.getObject("http_status", Integer.class),
        row.getString("failure"),
        instant(row, "ended_at"),
        attempts);
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var timestamp = row.getTimestamp(column);
    return timestamp == null ? null : timestamp.toInstant();
  }
}
