package io.agentledger.store.event;

import io.agentledger.store.event.EventTypeBlocks.TypeOfBlock;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators.AbstractSpliterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.axonframework.common.DateTimeUtils;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.common.jdbc.JdbcUtils;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.eventhandling.GenericDomainEventEntry;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedDomainEventData;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.EventStreamUtils;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Reads events in commit order (a trigger ensures it), so a reader's token is one number without
 * gaps. Outside of a transaction each read is one statement and one round trip: events never
 * change, and a page that is not full is the last one. The transaction of an append also notifies
 * the other nodes, and after its commit this one gets the events as they were stored.
 */
final class GaplessEventStorageEngine extends JdbcEventStorageEngine {
  /** Maximum number of events that are read at once. */
  static final int PAGE_MAX = 1000;

  private static final String PAGE =
      "select %s from %s where globalindex > ? order by globalindex limit ?";

  /** The names are hashed, which a prepared statement does not do with those of an array. */
  private static final String RANGE =
      "select %s from %s where globalindex > ? and globalindex <= ?"
          + " and payloadtype not in (select unnest(?)) order by globalindex limit ?";

  private static final String TYPES =
      "select distinct payloadtype, globalindex / %d from %s"
          + " where globalindex >= ? and globalindex < ?";

  private static final String BACKWARDS =
      "select %s from %s where aggregateidentifier = ? and sequencenumber < ?"
          + " and payloadtype = any(?) order by sequencenumber desc limit ?";

  private final TransactionManager transactions;
  private final ConnectionProvider connections;
  private final String node;
  private volatile Consumer<List<? extends TrackedEventMessage<?>>> committed = events -> {};

  /** Event of a page; its time is parsed once for all of them that have the same. */
  private static final class PageEvent<T> extends TrackedDomainEventData<T> {
    private final String time;
    private final Map<String, Instant> times;

    PageEvent(
        TrackingToken token, DomainEventData<T> event, String time, Map<String, Instant> times) {
      super(token, event);
      this.time = time;
      this.times = times;
    }

    @Override
    public Instant getTimestamp() {
      return times.computeIfAbsent(time, DateTimeUtils::parseInstant);
    }
  }

  /**
   * @param connections provides the connection of the transaction, if there is one; otherwise one
   *     that is not kept for the unit of work
   */
  GaplessEventStorageEngine(
      Builder builder,
      TransactionManager transactions,
      ConnectionProvider connections,
      String node) {
    super(
        (Builder)
            builder
                .transactionManager(transactions)
                .batchSize(PAGE_MAX)
                .finalAggregateBatchPredicate(events -> events.size() < PAGE_MAX));
    this.transactions = transactions;
    this.connections = connections;
    this.node = node;
  }

  @Override
  protected void appendEvents(List<? extends EventMessage<?>> events, Serializer serializer) {
    if (events.isEmpty()) return;
    transactions.executeInTransaction(
        () -> {
          super.appendEvents(events, serializer);
          var stored = stored(events, serializer, notifyNodes());
          TransactionSynchronizationManager.registerSynchronization(
              new TransactionSynchronization() {
                // Unlike "afterCommit", it is called after a failure of another one.
                @Override
                public void afterCompletion(int status) {
                  committed.accept(status == STATUS_COMMITTED ? stored : List.of());
                }
              });
        });
  }

  /**
   * Sets who gets the events of each append of this node, after its commit, on the committing
   * thread: must not block or throw. There are none if the transaction failed, although the
   * database may have executed its commit.
   */
  void onCommit(Consumer<List<? extends TrackedEventMessage<?>>> listener) {
    committed = listener;
  }

  /**
   * Notifies the other nodes at the commit; several appends of a transaction notify once.
   *
   * @return the index of the last event that the transaction has appended
   */
  private long notifyNodes() {
    return query(
        connection -> CommitNotifications.prepareNotification(connection, node),
        rows -> {
          rows.next();
          return rows.getLong("last_index");
        },
        "cannot notify the other nodes");
  }

  /**
   * Returns the events of an append as readers get them, without reading them. Their indexes are
   * consecutive, because an append draws them under the lock of the order.
   */
  private List<? extends TrackedEventMessage<?>> stored(
      List<? extends EventMessage<?>> events, Serializer serializer, long lastIndex) {
    var entries = new ArrayList<TrackedEventData<?>>();
    long index = lastIndex - events.size();
    for (var event : events) {
      var domainEvent = EventUtils.asDomainEventMessage(event);
      var payload = event.serializePayload(serializer, byte[].class); // Serialized once.
      var metaData = event.serializeMetaData(serializer, byte[].class);
      entries.add(
          new TrackedDomainEventData<>(
              new GlobalSequenceTrackingToken(++index),
              new GenericDomainEventEntry<>(
                  domainEvent.getType(),
                  domainEvent.getAggregateIdentifier(),
                  domainEvent.getSequenceNumber(),
                  event.getIdentifier(),
                  DateTimeUtils.formatInstant(event.getTimestamp()),
                  payload.getType().getName(),
                  payload.getType().getRevision(),
                  payload.getData(),
                  metaData.getData())));
    }
    return EventUtils.upcastAndDeserializeTrackedEvents(
            entries.stream(), getEventSerializer(), upcasterChain)
        .toList();
  }

  @Override
  protected Stream<? extends TrackedEventData<?>> readEventData(
      @Nullable TrackingToken after, boolean mayBlock) {
    return StreamSupport.stream(new Pages(after), false);
  }

  @Override
  protected List<? extends TrackedEventData<?>> fetchTrackedEvents(
      @Nullable TrackingToken lastToken, int size) {
    long after = lastToken == null ? -1 : lastToken.position().orElse(-1);
    return query(
        connection ->
            prepare(
                connection,
                PAGE.formatted(schema().trackedEventFields(), schema().domainEventTable()),
                after,
                size),
        this::events,
        "cannot read events after " + after);
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) statement.setObject(i + 1, parameters[i]);
    return statement;
  }

  private static Array textArray(Connection connection, Collection<String> texts)
      throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  private List<TrackedEventData<?>> events(ResultSet rows) throws SQLException {
    return events(rows, UnaryOperator.identity());
  }

  private List<TrackedEventData<?>> events(ResultSet rows, UnaryOperator<TrackingToken> tokens)
      throws SQLException {
    var events = new ArrayList<TrackedEventData<?>>();
    var times = new ConcurrentHashMap<String, Instant>();
    while (rows.next()) {
      var token = new GlobalSequenceTrackingToken(rows.getLong(schema().globalIndexColumn()));
      String time = rows.getString(schema().timestampColumn());
      events.add(new PageEvent<>(tokens.apply(token), getDomainEventData(rows), time, times));
    }
    return events;
  }

  @Override
  protected List<? extends DomainEventData<?>> fetchDomainEvents(
      String aggregate, long firstSequence, int size) {
    return query(
        connection -> readEventData(connection, aggregate, firstSequence, size),
        JdbcUtils.listResults(this::getDomainEventData),
        "cannot read events of " + aggregate);
  }

  /** Returns the types of events in blocks of {@link EventTypeBlocks}. */
  List<TypeOfBlock> readTypes(int firstBlock, int endBlock) {
    return query(
        connection ->
            prepare(
                connection,
                TYPES.formatted(EventTypeBlocks.SIZE, schema().domainEventTable()),
                (long) firstBlock * EventTypeBlocks.SIZE,
                (long) endBlock * EventTypeBlocks.SIZE),
        JdbcUtils.listResults(row -> new TypeOfBlock(row.getString(1), row.getInt(2))),
        "cannot read the types of events");
  }

  /**
   * Reads events in the order of their indexes.
   *
   * @param after index before the first
   * @param last index after which none is read
   * @param except names of the types, as they are stored, that are not read
   * @param tokens converts the tokens of the events
   */
  EventPage readRange(
      long after,
      long last,
      Collection<String> except,
      int max,
      UnaryOperator<TrackingToken> tokens) {
    var stored =
        query(
            connection ->
                prepare(
                    connection,
                    RANGE.formatted(schema().trackedEventFields(), schema().domainEventTable()),
                    after,
                    last,
                    textArray(connection, except),
                    max),
            rows -> events(rows, tokens),
            "cannot read events after " + after);
    var events =
        EventUtils.upcastAndDeserializeTrackedEvents(
                stored.stream(), getEventSerializer(), upcasterChain)
            .toList();
    return new EventPage(
        events, stored.stream().mapToLong(GaplessEventStorageEngine::bytesOf).sum());
  }

  private static long bytesOf(TrackedEventData<?> event) {
    return bytesOf(event.getPayload()) + bytesOf(event.getMetaData());
  }

  private static long bytesOf(SerializedObject<?> stored) {
    return stored.getData() instanceof byte[] bytes ? bytes.length : 0;
  }

  /**
   * Reads events of these types before a sequence number, the newest first.
   *
   * @param types names of the types as they are stored
   */
  List<? extends DomainEventMessage<?>> readBackwards(
      String aggregate, long before, Collection<String> types, int max) {
    var stored =
        query(
            connection ->
                prepare(
                    connection,
                    BACKWARDS.formatted(schema().domainEventFields(), schema().domainEventTable()),
                    aggregate,
                    before,
                    textArray(connection, types),
                    max),
            JdbcUtils.listResults(this::getDomainEventData),
            "cannot read events of " + aggregate);
    return EventStreamUtils.upcastAndDeserializeDomainEvents(
            stored.stream(), getEventSerializer(), upcasterChain)
        .asStream()
        .toList();
  }

  /** Fails if the snapshot cannot be converted: then the caller reads all events instead. */
  @Override
  public Optional<DomainEventMessage<?>> readSnapshot(String aggregate) {
    var snapshot = super.readSnapshot(aggregate);
    snapshot.ifPresent(DomainEventMessage::getPayload);
    return snapshot;
  }

  @Override
  public Optional<Long> lastSequenceNumberFor(String aggregate) {
    return query(
        connection -> lastSequenceNumberFor(connection, aggregate),
        rows -> {
          rows.next();
          long last = rows.getLong(1);
          return rows.wasNull() ? Optional.empty() : Optional.of(last);
        },
        "cannot read the last sequence number of " + aggregate);
  }

  /** Executes one statement, in the transaction of the caller if there is one. */
  private <R> R query(
      JdbcUtils.SqlFunction statement, JdbcUtils.SqlResultConverter<R> result, String failure) {
    try {
      return JdbcUtils.executeQuery(
          connections.getConnection(), statement, result, e -> new EventStoreException(failure, e));
    } catch (SQLException e) {
      throw new EventStoreException("cannot get a connection", e);
    }
  }

  @Override
  public @Nullable TrackingToken createTailToken() {
    return null;
  }

  @Override
  public @Nullable TrackingToken createHeadToken() {
    return query(
        connection -> createHeadToken(connection),
        rows -> {
          rows.next();
          long last = rows.getLong(1);
          return rows.wasNull() ? null : new GlobalSequenceTrackingToken(last);
        },
        "cannot read the index of the last event");
  }

  /** Events after a token, read page by page on demand, up to the first page that is not full. */
  private final class Pages extends AbstractSpliterator<TrackedEventData<?>> {
    private @Nullable TrackingToken last;
    private Iterator<? extends TrackedEventData<?>> page =
        List.<TrackedEventData<?>>of().iterator();
    private boolean atEnd;

    Pages(@Nullable TrackingToken after) {
      super(Long.MAX_VALUE, NONNULL | ORDERED | DISTINCT);
      this.last = after;
    }

    @Override
    public boolean tryAdvance(Consumer<? super TrackedEventData<?>> action) {
      if (!page.hasNext() && !atEnd) {
        var events = fetchTrackedEvents(last, PAGE_MAX);
        atEnd = events.size() < PAGE_MAX;
        page = events.iterator();
      }
      if (!page.hasNext()) return false;
      TrackedEventData<?> event = page.next();
      last = event.trackingToken();
      action.accept(event);
      return true;
    }
  }
}
