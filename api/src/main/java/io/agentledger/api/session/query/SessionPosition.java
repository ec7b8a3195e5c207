package io.agentledger.api.session.query;

import java.time.Instant;

/** Position in the history of a session. */
public sealed interface SessionPosition {
  /**
   * After an event.
   *
   * @param sequence sequence number of the event, from 1
   */
  record AtSequence(long sequence) implements SessionPosition {}

  /**
   * At a time: after the last event that is not later.
   *
   * @param time of the nodes' clocks
   */
  record AsOf(Instant time) implements SessionPosition {}
}
