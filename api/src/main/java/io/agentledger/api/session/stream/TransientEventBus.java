package io.agentledger.api.session.stream;

import io.agentledger.api.session.SessionId;
import java.util.function.Consumer;

/**
 * Carries frames from the node where a run is to whoever watches it. Frames are ephemeral: whoever
 * is not there, or is slow, misses them and loses nothing, for every fact is in the store.
 */
public interface TransientEventBus {
  /** Never blocks. */
  void publish(StreamItem frame);

  /**
   * Hears the session's frames from now on, in order, on the sender's thread: must not block.
   *
   * @return ends it; safe to run twice
   */
  Runnable subscribe(SessionId session, Consumer<StreamItem> listener);
}
