package io.agentledger.projection.session.transcript;

import io.agentledger.projection.session.SessionRowRepository;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of the tool calls of all sessions. */
public interface ToolCallRowRepository extends JpaRepository<ToolCallRow, ToolCallKey> {
  /** Returns rows in order of the events, after {@code after} up to {@code last}. */
  @Query(
      """
      select t from ToolCallRow t
      where t.tenant = :tenant and t.key.sessionId = :session and t.sequence > :after
        and t.sequence <= :last
      order by t.sequence
      """)
  List<ToolCallRow> page(String tenant, String session, long after, long last, Limit limit);

  /** Returns tool calls of one thread, after {@code after} up to {@code last}. */
  @Query(
      """
      select t from ToolCallRow t
      where t.tenant = :tenant and t.key.sessionId = :session and t.sequence > :after
        and t.sequence <= :last and t.threadId = :thread
      order by t.sequence
      """)
  List<ToolCallRow> pageByThread(
      String tenant, String session, String thread, long after, long last, Limit limit);

  /**
   * Returns tool calls of sessions that the reader may see, newest first, before the given
   * position.
   *
   * @param session the only session; empty for all
   */
  @Query(
      """
      select t from ToolCallRow t, SessionRow s
      where t.tenant = :#{#viewer.tenant} and s.id = t.key.sessionId and s.tenant = t.tenant
        and (:#{#viewer.deleted} = true
          or s.lifecycle.status <> io.agentledger.api.session.LifecycleStatus.DELETED)
        and (:session = '' or t.key.sessionId = :session)
        and (:#{#viewer.all} = true or s.owner = :#{#viewer.user} or exists (
          select 1 from ShareRow h
          where h.tenant = s.tenant and h.key.sessionId = s.id
            and h.key.audience in (:#{#viewer.user}, '*')))
        and (t.calledAt, t.key.toolCallId) < (:before, :id)
      order by t.calledAt desc, t.key.toolCallId desc
      """)
  List<ToolCallRow> pageNewestFirst(
      SessionRowRepository.SessionViewer viewer,
      String session,
      Instant before,
      String id,
      Limit limit);

  /** Counts the calls of each tool of a session, most called first. */
  @Query(
      nativeQuery = true,
      value =
          """
          select name as tool, count(*) as calls,
            count(*) filter (where verdict in ('DENIED', 'REFUSED') or status = 'DENIED') as denied,
            count(*) filter (where status = 'FAILED') as failed,
            cast(avg(extract(epoch from returned_at - called_at) * 1000)
              filter (where status in ('RETURNED', 'FAILED')) as bigint) as average,
            cast(max(extract(epoch from returned_at - called_at) * 1000)
              filter (where status in ('RETURNED', 'FAILED')) as bigint) as longest
          from tool_call_row
          where tenant = :tenant and session_id = :session
          group by name
          order by count(*) desc, name
          limit :most
          """)
  List<ToolCallCount> countByTool(String tenant, String session, int most);

  /** Counts of the calls of one tool; times in milliseconds, null if none was executed. */
  interface ToolCallCount {
    String getTool();

    long getCalls();

    long getDenied();

    long getFailed();

    @Nullable Long getAverage();

    @Nullable Long getLongest();
  }
}
