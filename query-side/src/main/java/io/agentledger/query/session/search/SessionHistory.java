package io.agentledger.query.session.search;

import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.SessionRowRepository.SessionSummary;
import io.agentledger.query.session.SessionAncestry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A session and the sessions from which it inherited messages, the newest first.
 *
 * @param lastSequences sequences of the last events that belong to the history
 */
record SessionHistory(List<SessionSummary> sessions, Map<String, Long> lastSequences) {
  static final SessionHistory NONE = new SessionHistory(List.of(), Map.of());

  static SessionHistory of(SessionRow session, SessionAncestry ancestry) {
    var sessions = new ArrayList<SessionSummary>();
    var lastSequences = new HashMap<String, Long>();
    sessions.add(new SessionSummary(session.id(), session.createdAt()));
    lastSequences.put(session.id(), Long.MAX_VALUE);
    for (var ancestor : ancestry.of(session)) {
      var row = ancestor.session();
      sessions.add(new SessionSummary(row.id(), row.createdAt()));
      lastSequences.put(row.id(), ancestor.lastSequence());
    }
    return new SessionHistory(sessions, lastSequences);
  }

  boolean contains(String session, long sequence) {
    return sequence <= lastSequences.getOrDefault(session, 0L);
  }

  /** Returns the sessions that are still to be examined at a position. */
  List<SessionSummary> after(SearchPosition position, int max) {
    int from = 0;
    for (int i = 0; i < sessions.size(); i++)
      if (sessions.get(i).id().equals(position.session()))
        from = position.sequence() == 0 ? i + 1 : i;
    return sessions.subList(from, Math.min(sessions.size(), from + max));
  }
}
