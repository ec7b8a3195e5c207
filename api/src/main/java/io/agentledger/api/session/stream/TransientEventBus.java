package io.agentledger.api.session.stream;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries transient events from the node of a run to its subscribers. A subscriber that connects
 * late, except to the run of its query, or is slow misses them; no recorded event is lost, because
 * all are in the event store.
 */
public interface TransientEventBus {
  /** Publishes a transient event; never blocks. */
  void publish(StreamItem frame);

  /**
   * Subscribes to the session's transient events from now on, in order. The listener runs on the
   * sender's thread and must not block.
   *
   * @param run run whose partial texts of the last seconds are delivered first, if the session had
   *     no subscriber: a run begins before the stream of its query is subscribed
   * @return ends the subscription; idempotent
   */
  Runnable subscribe(SessionId session, @Nullable RunId run, Consumer<StreamItem> listener);
}
