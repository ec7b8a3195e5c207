package io.agentledger.projection.session.transcript;

import io.agentledger.projection.session.SessionRowRepository;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of pending actions. */
public interface PendingActionRowRepository extends JpaRepository<PendingActionRow, String> {
  /** Returns the pending actions of these sessions, oldest first. */
  @Query(
      """
      select a from PendingActionRow a
      where a.tenant = :tenant and a.sessionId in :sessions order by a.sessionId, a.sequence
      """)
  List<PendingActionRow> findBySessions(String tenant, Collection<String> sessions);

  /**
   * Returns the pending actions of all sessions that the reader may see, oldest first, after the
   * given position.
   */
  @Query(
      """
      select a from PendingActionRow a, SessionRow s
      where a.tenant = :#{#viewer.tenant} and s.id = a.sessionId and s.tenant = a.tenant
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
