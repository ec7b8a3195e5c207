package io.agentledger.projection.session.run;

import io.agentledger.api.session.query.RunView.Status;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of the runs of all sessions. */
public interface RunRowRepository extends JpaRepository<RunRow, String> {
  Optional<RunRow> findByIdAndSessionIdAndTenant(String id, String session, String tenant);

  Optional<RunRow> findBySessionIdAndQueryIdAndStatus(String session, String query, Status status);

  /** Returns runs newest first, before {@code before}. */
  @Query(
      """
      select r from RunRow r
      where r.tenant = :tenant and r.sessionId = :session and r.ordinal < :before
      order by r.ordinal desc
      """)
  List<RunRow> page(String tenant, String session, long before, Limit limit);

  /** Returns the number of runs of a session by status. */
  @Query(
      """
      select new io.agentledger.projection.session.run.RunRowRepository$RunCount(
        r.status, count(r), sum(r.turns), sum(r.durationMs))
      from RunRow r
      where r.tenant = :tenant and r.sessionId = :session
      group by r.status
      """)
  List<RunCount> countByStatus(String tenant, String session);

  /** Number of runs with one status, with their turns and duration in total. */
  record RunCount(Status status, long runs, long turns, long durationMs) {}
}
