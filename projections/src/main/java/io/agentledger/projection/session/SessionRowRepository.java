package io.agentledger.projection.session;

import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.projection.support.ReadableDuringReplay;
import io.agentledger.projection.support.SealedContent;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of all sessions; each query must restrict the tenant. */
public interface SessionRowRepository extends JpaRepository<SessionRow, String>, SessionPages {
  Optional<SessionRow> findByIdAndTenant(String id, String tenant);

  /** Returns a session if its row contains all events that its stream has now. */
  @ReadableDuringReplay
  @Query(
      """
      select s from SessionRow s where s.id = :id and s.tenant = :tenant and s.sequence > cast(
        sql('(select max(sequencenumber) from event where aggregateidentifier = ?)', s.id) as Long)
      """)
  Optional<SessionRow> findCurrent(String id, String tenant);

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select s.sequence from SessionRow s where s.id = :id")
  Optional<Long> sequenceOf(String id);

  /**
   * Access rights of a session after a number of its events.
   *
   * @param audience of a share; null, as {@code access}, if there is none
   */
  record SessionAccess(
      String tenant,
      String owner,
      LifecycleStatus status,
      String threadId,
      long sequence,
      @Nullable String audience,
      @Nullable AccessLevel access) {}

  /** Returns the access rights of a session: one for each share, or one without a share. */
  @ReadableDuringReplay
  @Query(
      """
      select new io.agentledger.projection.session.SessionRowRepository$SessionAccess(
        s.tenant, s.owner, s.lifecycle.status, s.threadId, s.sequence, h.key.audience, h.access)
      from SessionRow s left join ShareRow h on h.key.sessionId = s.id
      where s.id = :id
      """)
  List<SessionAccess> findAccess(String id);

  /** Short form of a session. */
  record SessionSummary(String id, Instant createdAt) {}

  /** Returns the titles of these sessions. */
  @Query(
      "select new io.agentledger.projection.session.SessionRowRepository$SessionTitle("
          + "s.id, s.title) from SessionRow s where s.tenant = :tenant and s.id in (:ids)")
  List<SessionTitle> findTitles(String tenant, Collection<String> ids);

  /** Title of a session; null if it has none. */
  record SessionTitle(String id, @Nullable SealedContent title) {}

  /**
   * Returns sessions of all tenants that are idle since the given time, or wait for more budget;
   * longest first.
   */
  @Query(
      """
      select s from SessionRow s
      where s.lifecycle.status in (:lifecycles) and s.updatedAt < :before
        and (s.activity = io.agentledger.api.session.Activity.IDLE
          or s.activity = io.agentledger.api.session.Activity.WAITING
            and exists (select r from RunRow r where r.sessionId = s.id
              and r.status = io.agentledger.api.session.query.RunView.Status.PAUSED))
      order by s.updatedAt
      """)
  List<SessionRow> findIdle(Set<LifecycleStatus> lifecycles, Instant before, Limit limit);

  /**
   * User for whom sessions are read.
   *
   * @param all whether every session of the tenant may be seen
   * @param deleted whether deleted sessions may be seen, too
   */
  record SessionViewer(String tenant, String user, boolean all, boolean deleted) {}

  /**
   * Criteria of a search for sessions.
   *
   * @param tag empty for any
   * @param mode permission mode as in JSON; empty for any, as for executor, origin, owner and agent
   * @param from time from which the session was opened; null for any
   * @param to time before which the session was opened; null for any
   */
  record SessionCriteria(
      Set<Activity> activities,
      Set<LifecycleStatus> lifecycles,
      String tag,
      String mode,
      String executor,
      String origin,
      String owner,
      String agent,
      @Nullable Instant from,
      @Nullable Instant to) {}
}
