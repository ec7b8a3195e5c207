package io.agentledger.command.session;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Partial;
import io.agentledger.api.session.stream.TransientEventBus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Event bus for transient events within one node: each event is delivered to the current listeners
 * on the sender's thread. Partial texts that no listener received are kept for some seconds, for
 * the stream of their query.
 */
public final class InMemoryTransientEventBus implements TransientEventBus {
  private static final Logger log = LoggerFactory.getLogger(InMemoryTransientEventBus.class);

  /** Limits of what is kept of all sessions. */
  static final int UNRECEIVED_ITEMS_MAX = 4096;

  static final int UNRECEIVED_CHARS_MAX = 1024 * 1024;
  static final Duration UNRECEIVED_AGE_MAX = Duration.ofSeconds(5);

  /** Copied on each change, so that sending to listeners needs no lock. */
  private final Map<SessionId, List<Subscription>> subscriptions = new ConcurrentHashMap<>();

  /** Oldest first; guarded by itself, as are its size in characters and new registrations. */
  private final Deque<StreamItem> unreceived = new ArrayDeque<>();

  private int unreceivedChars;
  private final Clock clock;

  public InMemoryTransientEventBus(Clock clock) {
    this.clock = clock;
  }

  /** One registration; a listener may have several. */
  private static final class Subscription {
    private final Consumer<StreamItem> listener;

    Subscription(Consumer<StreamItem> listener) {
      this.listener = listener;
    }
  }

  @Override
  public void publish(StreamItem item) {
    var receivers = subscriptions.get(item.sessionId());
    if (receivers == null) receivers = keepOrFindReceivers(item);
    for (var subscription : receivers) deliver(subscription, item);
  }

  private List<Subscription> keepOrFindReceivers(StreamItem item) {
    if (!(item.body() instanceof Partial)) return List.of();
    synchronized (unreceived) {
      var receivers = subscriptions.get(item.sessionId());
      if (receivers != null) return receivers;
      unreceived.addLast(item);
      unreceivedChars += charCount(item);
      removeOldest();
      return List.of();
    }
  }

  private void removeOldest() {
    var oldestKept = clock.instant().minus(UNRECEIVED_AGE_MAX);
    while (unreceived.size() > UNRECEIVED_ITEMS_MAX
        || unreceivedChars > UNRECEIVED_CHARS_MAX
        || (!unreceived.isEmpty() && unreceived.getFirst().at().isBefore(oldestKept)))
      unreceivedChars -= charCount(unreceived.removeFirst());
  }

  private static int charCount(StreamItem item) {
    return item.body() instanceof Partial partial ? partial.text().length() : 0;
  }

  /** Delivers and removes the texts of a run, but none whose beginning is gone. */
  private void deliverUnreceived(RunId run, Subscription subscription) {
    removeOldest();
    var items = new ArrayList<StreamItem>();
    unreceived.removeIf(item -> run.equals(item.runId()) && items.add(item));
    for (var item : items) unreceivedChars -= charCount(item);
    items.stream()
        .dropWhile(item -> !isBeginning(item))
        .forEach(item -> deliver(subscription, item));
  }

  private static boolean isBeginning(StreamItem item) {
    return item.body() instanceof Partial partial && partial.phase() == Partial.Phase.START;
  }

  /**
   * Delivers an event; an exception of one listener does not affect the others. The event itself is
   * never logged.
   */
  private static void deliver(Subscription subscription, StreamItem item) {
    try {
      subscription.listener.accept(item);
    } catch (RuntimeException e) {
      log.atWarn()
          .addKeyValue("sessionId", item.sessionId())
          .addKeyValue("type", item.type())
          .setCause(e)
          .log("a listener of transient events failed");
    }
  }

  @Override
  public Runnable subscribe(SessionId session, @Nullable RunId run, Consumer<StreamItem> listener) {
    var subscription = new Subscription(listener);
    synchronized (unreceived) {
      if (run != null) deliverUnreceived(run, subscription);
      subscriptions.merge(
          session,
          List.of(subscription),
          (existing, added) -> Stream.concat(existing.stream(), added.stream()).toList());
    }
    return () -> subscriptions.computeIfPresent(session, (id, all) -> without(subscription, all));
  }

  private static @Nullable List<Subscription> without(
      Subscription subscription, List<Subscription> subscriptions) {
    var rest = subscriptions.stream().filter(other -> other != subscription).toList();
    return rest.isEmpty() ? null : rest;
  }
}
