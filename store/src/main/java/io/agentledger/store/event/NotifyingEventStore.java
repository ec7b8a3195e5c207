package io.agentledger.store.event;

import io.agentledger.api.identity.Provenance;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.jspecify.annotations.Nullable;

/** The event store: refuses what says not for whom, and wakes its readers after each commit. */
public final class NotifyingEventStore extends EmbeddedEventStore {
  private final AtomicLong commits = new AtomicLong();
  private final Set<PagedEventStream> readers = ConcurrentHashMap.newKeySet();
  private final SharedEventPages pages;
  private final EventAliases aliases;
  private final Set<Consumer<EventMessage<?>>> ownCommitListeners = ConcurrentHashMap.newKeySet();
  private volatile Runnable afterOwnCommit = () -> {};

  NotifyingEventStore(Builder builder, EventAliases aliases) {
    super(builder);
    this.pages = new SharedEventPages(storageEngine(), commits::get);
    this.aliases = aliases;
  }

  @Override
  protected void prepareCommit(List<? extends EventMessage<?>> events) {
    events.forEach(this::requireRecordable);
    super.prepareCommit(events);
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
    wake();
    afterOwnCommit.run();
    ownCommitListeners.forEach(listener -> events.forEach(listener));
  }

  /**
   * Hears every event that this node has put on the record, after its commit, on the thread that
   * did it: must not block or throw. What other nodes record it does not hear.
   */
  public void onOwnCommit(Consumer<EventMessage<?>> listener) {
    ownCommitListeners.add(listener);
  }

  /** What else is done after each commit of this node; must not block or throw. */
  void afterOwnCommit(Runnable callback) {
    afterOwnCommit = callback;
  }

  /** There may be something new: a commit here, or a notification from another node. */
  public void wake() {
    commits.incrementAndGet();
    wakeReaders();
  }

  /** Lets waiting readers look at what they have read already; asks the database for nothing. */
  void wakeReaders() {
    readers.forEach(PagedEventStream::signal);
  }

  @Override
  public TrackingEventStream openStream(@Nullable TrackingToken after) {
    return new PagedEventStream(pages, after, readers);
  }
}
