package io.agentledger.projection.session.transcript;

import io.agentledger.projection.session.SessionRowRepository;
import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.NativeQuery;
import org.springframework.data.jpa.repository.Query;

/** Repository of pending actions. */
public interface PendingActionRowRepository extends JpaRepository<PendingActionRow, String> {
  /** Returns the pending actions of these sessions, oldest first. */
  @NativeQuery(
      """
      select * from action_row
      where tenant = :tenant and session_id = any(:sessions) order by session_id, sequence
      """)
  List<PendingActionRow> findBySessions(String tenant, String[] sessions);

  /**
   * Returns the pending actions of all sessions that are not closed and that the reader may see,
   * oldest first, after the given position.
   */
  @Query(
      """
      select a from PendingActionRow a, SessionRow s
      where a.tenant = :#{#viewer.tenant} and s.id = a.sessionId and s.tenant = a.tenant
        and s.lifecycle.status <> io.agentledger.api.session.LifecycleStatus.CLOSED
        and (:#{#viewer.deleted} = true
          or s.lifecycle.status <> io.agentledger.api.session.LifecycleStatus.DELETED)
        and (:#{#viewer.all} = true or s.owner = :#{#viewer.user} or exists (
          select 1 from ShareRow h
          where h.tenant = s.tenant and h.key.sessionId = s.id
            and h.key.audience in (:#{#viewer.user}, '*')))
        and (a.requestedAt, a.id) > (:after, :id)
      order by a.requestedAt, a.id
      """)
  List<PendingActionRow> page(
      SessionRowRepository.SessionViewer viewer, Instant after, String id, Limit limit);
}
