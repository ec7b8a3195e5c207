package io.agentledger.store.event;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.common.jdbc.JdbcUtils;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.jspecify.annotations.Nullable;

/**
 * Reads events in commit order (a trigger ensures it), so a reader's token is one number without
 * gaps.
 */
final class GaplessEventStorageEngine extends JdbcEventStorageEngine {
  private final TransactionManager transactions;

  GaplessEventStorageEngine(Builder builder, TransactionManager transactions) {
    super(builder);
    this.transactions = transactions;
  }

  @Override
  protected List<? extends TrackedEventData<?>> fetchTrackedEvents(
      @Nullable TrackingToken lastToken, int size) {
    long after = lastToken == null ? -1 : lastToken.position().orElse(-1);
    return transactions.fetchInTransaction(
        () ->
            JdbcUtils.executeQuery(
                getConnection(),
                connection ->
                    page(
                        connection.prepareStatement(
                            PAGE.formatted(
                                schema().trackedEventFields(), schema().domainEventTable())),
                        after,
                        size),
                this::events,
                e -> new EventStoreException("cannot read events after " + after, e)));
  }

  private static final String PAGE =
      "select %s from %s where globalindex > ? order by globalindex limit ?";

  private static PreparedStatement page(PreparedStatement select, long after, int size)
      throws SQLException {
    select.setLong(1, after);
    select.setInt(2, size);
    return select;
  }

  private List<TrackedEventData<?>> events(ResultSet rows) throws SQLException {
    var events = new ArrayList<TrackedEventData<?>>();
    while (rows.next())
      events.add(
          new TrackedDomainEventData<>(
              new GlobalSequenceTrackingToken(rows.getLong(schema().globalIndexColumn())),
              getDomainEventData(rows)));
    return events;
  }

  @Override
  public @Nullable TrackingToken createTailToken() {
    return null;
  }

  @Override
  public @Nullable TrackingToken createHeadToken() {
    var head = super.createHeadToken();
    return head == null ? null : new GlobalSequenceTrackingToken(head.position().getAsLong());
  }
}
