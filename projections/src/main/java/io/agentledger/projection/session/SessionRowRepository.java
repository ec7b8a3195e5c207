package io.agentledger.projection.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.LifecycleStatus;
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
public interface SessionRowRepository extends JpaRepository<SessionRow, String> {
  Optional<SessionRow> findByIdAndTenant(String id, String tenant);

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select s.sequence from SessionRow s where s.id = :id")
  Optional<Long> sequenceOf(String id);

  /**
   * Returns tenant, owner, lifecycle status and thread of a session, with audience and access of a
   * share; a row for each share, or one without a share.
   */
  @Query(
      """
      select s.tenant, s.owner, cast(s.lifecycle.status as string), s.threadId,
        h.key.audience, cast(h.access as string)
      from SessionRow s left join ShareRow h on h.key.sessionId = s.id
      where s.id = :id
      """)
  List<String[]> findAccessData(String id);

  /** Condition of the sessions that match the criteria and that the viewer may see. */
  String VISIBLE_AND_MATCHING =
      """
      where s.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true or s.owner = :#{#viewer.user} or exists (
          select 1 from ShareRow h
          where h.tenant = s.tenant and h.key.sessionId = s.id
            and h.key.audience in (:#{#viewer.user}, '*')))
        and s.activity in (:#{#criteria.activities}) and s.lifecycle.status in (:#{#criteria.lifecycles})
        and (:#{#criteria.tag} = '' or array_contains(s.lifecycle.tags, :#{#criteria.tag}))
        and (:#{#criteria.mode} = '' or s.filterColumns.permissionMode = :#{#criteria.mode})
        and (:#{#criteria.executor} = '' or s.filterColumns.executor = :#{#criteria.executor})
        and (:#{#criteria.origin} = '' or s.filterColumns.originType = :#{#criteria.origin})
        and (:#{#criteria.owner} = '' or s.owner = :#{#criteria.owner})
        and (:#{#criteria.agent} = '' or :#{#criteria.agent} in (s.agentName, s.agentId))
        and s.createdAt >= :#{#criteria.from} and s.createdAt < :#{#criteria.to}
        and (s.createdAt, s.id) < (:before, :id)
      """;

  String NEWEST_FIRST = "order by s.createdAt desc, s.id desc";

  /**
   * Returns sessions that match the criteria and that the reader may see, newest first, after the
   * given position.
   */
  @Query("select s from SessionRow s " + VISIBLE_AND_MATCHING + NEWEST_FIRST)
  List<SessionRow> page(
      SessionViewer viewer, SessionCriteria criteria, Instant before, String id, Limit limit);

  /**
   * Returns short forms of the same sessions.
   *
   * @param session the only session; empty for all
   * @param changedSince time of the last event at the earliest
   */
  @Query(
      "select new io.agentledger.projection.session.SessionRowRepository$SessionSummary("
          + "s.id, s.createdAt) from SessionRow s "
          + VISIBLE_AND_MATCHING
          + "and (:session = '' or s.id = :session) and s.updatedAt >= :changedSince "
          + NEWEST_FIRST)
  List<SessionSummary> pageOfSummaries(
      SessionViewer viewer,
      SessionCriteria criteria,
      String session,
      Instant changedSince,
      Instant before,
      String id,
      Limit limit);

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

  /** Returns whether the reader may see the session. */
  @Query(
      """
      select count(s) > 0 from SessionRow s
      where s.id = :id and s.tenant = :#{#viewer.tenant}
        and (:#{#viewer.deleted} = true
          or s.lifecycle.status <> io.agentledger.api.session.LifecycleStatus.DELETED)
        and (:#{#viewer.all} = true or s.owner = :#{#viewer.user} or exists (
          select 1 from ShareRow h
          where h.tenant = s.tenant and h.key.sessionId = s.id
            and h.key.audience in (:#{#viewer.user}, '*')))
      """)
  boolean isVisible(SessionViewer viewer, String id);

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
      Instant from,
      Instant to) {}
}
