package io.agentledger.store.event;

import io.agentledger.api.identity.Provenance;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Event store that rejects events without tenant, actor, credential and request metadata, and
 * notifies its readers after each commit.
 */
public final class NotifyingEventStore extends EmbeddedEventStore {
  private final Set<PagedEventStream> readers = ConcurrentHashMap.newKeySet();
  private final SharedEventPages pages;
  private final EventTypeBlocks typeBlocks;
  private final GaplessEventStorageEngine engine;
  private final EventAliases aliases;
  private final Set<Consumer<EventMessage<?>>> ownCommitListeners = ConcurrentHashMap.newKeySet();
  private final Set<Runnable> otherCommitListeners = ConcurrentHashMap.newKeySet();
  private final Set<ChangeListener> changeListeners = ConcurrentHashMap.newKeySet();

  /**
   * Listener to the changes of streams by this node. Its methods must not block or throw; they are
   * called on the thread of the commit.
   */
  public interface ChangeListener {
    /**
     * Called before events are committed.
     *
     * @param stream id of the aggregate
     * @param lastSequence sequence number of the last one
     * @return run after the commit, before the caller gets the result, or after a failure, although
     *     the database may have executed the commit
     */
    Runnable beforeCommit(String stream, long lastSequence);

    /**
     * Called after the commit of an event, as it is stored; not if the transaction failed, although
     * the database may have executed its commit.
     */
    void afterCommit(DomainEventMessage<?> event);
  }

  NotifyingEventStore(GaplessEventStorageEngine engine, EventAliases aliases) {
    super(EmbeddedEventStore.builder().storageEngine(engine));
    this.engine = engine;
    this.pages = new SharedEventPages(engine);
    this.typeBlocks = new EventTypeBlocks(engine::readTypes);
    this.aliases = aliases;
    engine.onCommit(this::wake);
  }

  @Override
  protected void prepareCommit(List<? extends EventMessage<?>> events) {
    events.forEach(this::requireRecordable);
    CurrentUnitOfWork.ifStarted(unit -> announceChange(events, unit.root()));
    super.prepareCommit(events);
  }

  private void announceChange(List<? extends EventMessage<?>> events, UnitOfWork<?> unit) {
    if (changeListeners.isEmpty()) return;
    var lastSequences = new HashMap<String, Long>();
    for (var event : events)
      if (event instanceof DomainEventMessage<?> domainEvent)
        lastSequences.merge(
            domainEvent.getAggregateIdentifier(), domainEvent.getSequenceNumber(), Math::max);
    lastSequences.forEach(
        (stream, lastSequence) ->
            changeListeners.forEach(
                listener -> {
                  Runnable onEnd = listener.beforeCommit(stream, lastSequence);
                  unit.onCleanup(ended -> onEnd.run());
                }));
  }

  private void requireRecordable(EventMessage<?> event) {
    if (aliases.nameOf(event.getPayloadType()) == null)
      throw new UnrecordableEventException("no alias: " + event.getPayloadType().getName());
    for (String key : Provenance.KEYS)
      if (!(event.getMetaData().get(key) instanceof String value) || value.isEmpty())
        throw new UnrecordableEventException(
            "no " + key + ": " + event.getPayloadType().getSimpleName());
  }

  @Override
  protected void afterCommit(List<? extends EventMessage<?>> events) {
    super.afterCommit(events);
    ownCommitListeners.forEach(listener -> events.forEach(listener));
  }

  /** Listens to changes of streams by this node. */
  public void onOwnChange(ChangeListener listener) {
    changeListeners.add(listener);
  }

  /**
   * Listens to every event that this node has recorded, after its commit, on the committing thread:
   * must not block or throw. Events of other nodes are not included.
   */
  public void onOwnCommit(Consumer<EventMessage<?>> listener) {
    ownCommitListeners.add(listener);
  }

  /**
   * Listens to notifications of commits by other nodes: one call may stand for many commits. Must
   * not block or throw.
   */
  public void onOtherCommit(Runnable listener) {
    otherCommitListeners.add(listener);
  }

  /** Signals that other nodes have committed events. */
  void wakeByOtherNode() {
    wake();
    otherCommitListeners.forEach(Runnable::run);
  }

  /** Signals that there may be new events. */
  public void wake() {
    pages.recordCommit();
    readers.forEach(PagedEventStream::signal);
  }

  private void wake(List<? extends TrackedEventMessage<?>> committed) {
    if (committed.isEmpty()) {
      wake();
      return;
    }
    pages.recordCommit(committed);
    Set<Class<?>> types =
        committed.stream().map(EventMessage::getPayloadType).collect(Collectors.toSet());
    readers.forEach(reader -> reader.signal(types, committed.size()));
    for (var event : committed)
      if (event instanceof DomainEventMessage<?> domainEvent)
        changeListeners.forEach(listener -> listener.afterCommit(domainEvent));
  }

  /** Wakes readers that have not read all events of their page. */
  void wakeUnreadReaders() {
    readers.forEach(PagedEventStream::signalUnread);
  }

  /**
   * Returns at most {@code max} committed events of these types before a sequence number of an
   * aggregate, the newest first. PostgreSQL examines the events up to the oldest one returned.
   */
  public List<? extends DomainEventMessage<?>> readBackwards(
      String aggregate, long before, Collection<? extends Class<?>> types, int max) {
    var names =
        types.stream()
            .map(type -> Objects.requireNonNull(aliases.nameOf(type)))
            .distinct()
            .toList();
    return engine.readBackwards(aggregate, before, names, max);
  }

  /**
   * Returns the first part of a range that has events of these types, by blocks of some thousand
   * events; empty, at the end of the range, if there is none.
   *
   * @param range ends with the index of a committed event
   * @param handled types that are read; events whose type has another name by now are, too
   */
  public EventRange findEvents(EventRange range, Predicate<Class<?>> handled) {
    return typeBlocks.next(
        range,
        name -> {
          var type = aliases.classOf(name);
          return type == null || handled.test(type);
        });
  }

  /**
   * Reads events in the order of their indexes.
   *
   * @param after index before the first
   * @param last index after which none is read
   * @param handled types that are read; events whose type has another name by now are, too
   * @param max maximum number
   * @param tokens converts the tokens of the events
   */
  public EventPage readRange(
      long after,
      long last,
      Predicate<Class<?>> handled,
      int max,
      UnaryOperator<TrackingToken> tokens) {
    return engine.readRange(after, last, aliases.namesOf(handled.negate()), max, tokens);
  }

  /**
   * Returns the events of an aggregate from a sequence number on, as of the last commit of this
   * node or later; those that other nodes commit meanwhile may be missing. Returns nothing if only
   * a query can tell. Not for a transaction, which may have appended others.
   */
  public Optional<List<DomainEventMessage<?>>> committedEvents(
      String aggregate, long firstSequence) {
    return pages.eventsOf(aggregate, firstSequence);
  }

  @Override
  public TrackingEventStream openStream(@Nullable TrackingToken after) {
    return new PagedEventStream(pages, after, readers);
  }
}
