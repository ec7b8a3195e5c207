package io.agentledger.api.session.stream;

import io.agentledger.api.session.SessionId;
import java.util.function.Consumer;

/**
 * Carries transient events from the node of a run to its subscribers. A subscriber that connects
 * late or is slow misses them; no recorded event is lost, because all are in the event store.
 */
public interface TransientEventBus {
  /** Publishes a transient event; never blocks. */
  void publish(StreamItem frame);

  /**
   * Subscribes to the session's transient events from now on, in order. The listener runs on the
   * sender's thread and must not block.
   *
   * @return ends the subscription; idempotent
   */
  Runnable subscribe(SessionId session, Consumer<StreamItem> listener);
}
