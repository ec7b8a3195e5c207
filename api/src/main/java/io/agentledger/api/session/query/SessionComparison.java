package io.agentledger.api.session.query;

import java.util.List;

/**
 * A session at two positions.
 *
 * @param before as it was at the earlier position
 * @param after as it was at the later one, or as it is
 * @param events what was recorded between them, by the names of the events
 */
public record SessionComparison(SessionView before, SessionView after, List<EventCount> events) {
  public SessionComparison {
    events = List.copyOf(events);
  }

  /**
   * Number of the events of one kind.
   *
   * @param event name of the event
   */
  public record EventCount(String event, long count) {}
}
