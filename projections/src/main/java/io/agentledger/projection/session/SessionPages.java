package io.agentledger.projection.session;

import io.agentledger.projection.session.SessionRowRepository.SessionCriteria;
import io.agentledger.projection.session.SessionRowRepository.SessionSummary;
import io.agentledger.projection.session.SessionRowRepository.SessionViewer;
import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Limit;

/** Pages of the sessions that match criteria and that a viewer may see, newest first. */
public interface SessionPages {
  /** Returns the sessions after the given position. */
  List<SessionRow> page(
      SessionViewer viewer, SessionCriteria criteria, Instant before, String id, Limit limit);

  /**
   * Returns short forms of the same sessions.
   *
   * @param session the only session; empty for all
   * @param changedSince time of the last event at the earliest
   */
  List<SessionSummary> pageOfSummaries(
      SessionViewer viewer,
      SessionCriteria criteria,
      String session,
      Instant changedSince,
      Instant before,
      String id,
      Limit limit);
}
