package io.agentledger.command.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.TransientEventBus;
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
 * on the sender's thread.
 */
public final class InMemoryTransientEventBus implements TransientEventBus {
  private static final Logger log = LoggerFactory.getLogger(InMemoryTransientEventBus.class);

  /** Copied on each change, so that sending needs no lock. */
  private final Map<SessionId, List<Subscription>> subscriptions = new ConcurrentHashMap<>();

  /** One registration; a listener may have several. */
  private static final class Subscription {
    private final Consumer<StreamItem> listener;

    Subscription(Consumer<StreamItem> listener) {
      this.listener = listener;
    }
  }

  @Override
  public void publish(StreamItem item) {
    for (var subscription : subscriptions.getOrDefault(item.sessionId(), List.of()))
      deliver(subscription, item);
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
  public Runnable subscribe(SessionId session, Consumer<StreamItem> listener) {
    var subscription = new Subscription(listener);
    subscriptions.merge(
        session,
        List.of(subscription),
        (existing, added) -> Stream.concat(existing.stream(), added.stream()).toList());
    return () -> subscriptions.computeIfPresent(session, (id, all) -> without(subscription, all));
  }

  private static @Nullable List<Subscription> without(
      Subscription subscription, List<Subscription> subscriptions) {
    var rest = subscriptions.stream().filter(other -> other != subscription).toList();
    return rest.isEmpty() ? null : rest;
  }
}
