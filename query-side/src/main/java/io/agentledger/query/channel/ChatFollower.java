package io.agentledger.query.channel;

import io.agentledger.api.channel.ChannelEvent;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.channel.ChatEvent.ChatRead;
import io.agentledger.api.channel.ChatNotification;
import io.agentledger.api.channel.ChatNotification.Ready;
import io.agentledger.api.channel.ChatQuery.FollowChats;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.shared.ChannelRejection.ChatReaderBehind;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.InvalidCursor;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.query.channel.ChatNotificationMapper.Origin;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.store.event.LiveEventFeed;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.FluxSink;

/**
 * Position of one reader in the chat events of a tenant. Positions are those of the event store,
 * whose order is that of the commits: events up to the position at the start are read from the
 * store, later ones come from the live feed. A reader that does not keep up with a bounded queue
 * fails. Without events it costs a parked virtual thread.
 */
final class ChatFollower {
  /** Number of live events that wait for a reader. */
  static final int QUEUE_MAX = 1_024;

  /** Number of events of all tenants that are read from the store at the start. */
  static final int REPLAY_MAX = 10_000;

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** Sources that a reader reads from. */
  record Sources(
      EventStore store,
      LiveEventFeed feed,
      CursorCodec cursors,
      ChatAccess.Sources access,
      ChatNotificationMapper mapper) {}

  private final Sources sources;
  private final FollowChats query;
  private final FluxSink<ChatNotification> sink;
  private final ChatAccess access;
  private final Queue<DomainEventMessage<?>> live = new ArrayBlockingQueue<>(QUEUE_MAX);
  private final Thread thread;
  private volatile boolean overflowed;
  private volatile long fed = -1;
  private long position;
  private long notified;

  ChatFollower(Sources sources, FollowChats query, Caller caller, FluxSink<ChatNotification> sink) {
    this.sources = sources;
    this.query = query;
    this.sink = sink;
    this.access = new ChatAccess(sources.access(), caller);
    this.thread = Thread.ofVirtual().name("follow-chats").unstarted(this::run);
  }

  /** Returns at once; everything else happens on a virtual thread. */
  void start() {
    sink.onRequest(n -> LockSupport.unpark(thread));
    // No interrupt: it would close the database connection that the thread may be reading from.
    sink.onDispose(() -> LockSupport.unpark(thread));
    thread.start();
  }

  private void run() {
    Runnable stop = () -> {};
    try {
      access.requireVisible(query.channelId(), query.chatId());
      stop = sources.feed().listen(this::offer); // First, so that no event is missed.
      long head = positionOf(sources.store().createHeadToken());
      position = startOf(head);
      emit(new Ready(cursor()));
      replay(head);
      follow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!sink.isCancelled()) sink.error(e);
    } finally {
      stop.run();
    }
  }

  private long startOf(long head) {
    long start =
        sources
            .cursors()
            .decode(new PageRequest(1, query.after()), cursorScope())
            .map(Long::parseLong)
            .orElse(head);
    if (start > head) throw new RejectionException(new InvalidCursor());
    if (head - start > REPLAY_MAX) throw behind(REPLAY_MAX);
    return start;
  }

  private String[] cursorScope() {
    return new String[] {"chat_events", query.tenant().value()};
  }

  private String cursor() {
    return sources.cursors().encode(Long.toString(position), cursorScope());
  }

  private static RejectionException behind(int max) {
    return new RejectionException(new ChatReaderBehind(max));
  }

  private static long positionOf(@Nullable TrackingToken token) {
    return token == null ? -1 : token.position().orElse(-1);
  }

  /** Runs on the thread of the feed. */
  private void offer(DomainEventMessage<?> event) {
    boolean isRelevant = isRelevant(event);
    if (isRelevant && !live.offer(event)) overflowed = true;
    if (event instanceof TrackedEventMessage<?> tracked) fed = positionOf(tracked.trackingToken());
    if (isRelevant) LockSupport.unpark(thread);
  }

  private boolean isRelevant(EventMessage<?> event) {
    var type = event.getPayloadType();
    return (ChatEvent.class.isAssignableFrom(type) || ChannelEvent.class.isAssignableFrom(type))
        && Provenance.of(event.getMetaData()).tenant().equals(query.tenant());
  }

  private void replay(long head) throws InterruptedException {
    if (position == head) return;
    try (var events = sources.store().openStream(new GlobalSequenceTrackingToken(position))) {
      while (position < head && !sink.isCancelled())
        if (events.hasNextAvailable((int) TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
          handle(events.nextAvailable());
    }
  }

  private void follow() {
    while (!sink.isCancelled()) {
      long seen = fed; // Before the queue, which contains all relevant events up to there.
      if (live.poll() instanceof TrackedEventMessage<?> event) handle(event);
      else if (overflowed) throw behind(QUEUE_MAX);
      else skipTo(seen);
    }
  }

  /** Waits, and before it renews the cursor of a reader that has not been notified for long. */
  private void skipTo(long seen) {
    position = Math.max(position, seen);
    if (position - notified > REPLAY_MAX / 2) emit(new Ready(cursor()));
    LockSupport.parkNanos(this, TIMEOUT.toNanos());
  }

  private void handle(TrackedEventMessage<?> event) {
    long next = positionOf(event.trackingToken());
    if (next <= position) return; // It was read from the store.
    position = next;
    if (!isRelevant(event)) return;
    if (event.getPayload() instanceof ChatEvent chatEvent) notify(chatEvent, event);
    else access.discard();
  }

  private void notify(ChatEvent event, EventMessage<?> message) {
    if (query.chatId() != null && !query.chatId().equals(event.chatId())
        || event instanceof ChatRead read && !isOwn(read)) return;
    access
        .channelOf(event)
        .filter(channel -> query.channelId() == null || query.channelId().equals(channel))
        .filter(channel -> access.canSee(event, channel))
        .map(channel -> new Origin(cursor(), channel, message.getTimestamp()))
        .flatMap(origin -> sources.mapper().map(event, origin, access))
        .ifPresent(this::emit);
  }

  private boolean isOwn(ChatRead read) {
    return !access.isAgent() && read.by().value().equals(access.user());
  }

  /** Waits for the demand of the reader, at most until the queue is full. */
  private void emit(ChatNotification notification) {
    while (sink.requestedFromDownstream() == 0 && !sink.isCancelled()) {
      if (overflowed) throw behind(QUEUE_MAX);
      LockSupport.parkNanos(this, TIMEOUT.toNanos());
    }
    sink.next(notification);
    notified = position;
  }
}
