package io.agentledger.projection.session;

import io.agentledger.api.session.query.RunView.State;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The runs of all sessions. */
public interface RunRowRepository extends JpaRepository<RunRow, String> {
  Optional<RunRow> findByIdAndSessionIdAndTenant(String id, String session, String tenant);

  /** Newest first, those before {@code before}. */
  @Query(
      """
      select r from RunRow r
      where r.tenant = :tenant and r.sessionId = :session and r.ordinal < :before
      order by r.ordinal desc
      """)
  List<RunRow> page(String tenant, String session, long before, Limit limit);

  /** The runs of a session by their state. */
  @Query(
      """
      select new io.agentledger.projection.session.RunRowRepository$Counted(
        r.state, count(r), sum(r.turns), sum(r.durationMillis))
      from RunRow r
      where r.tenant = :tenant and r.sessionId = :session
      group by r.state
      """)
  List<Counted> counted(String tenant, String session);

  /** How many runs are in one state, and what they took all together. */
  record Counted(State state, long runs, long turns, long durationMillis) {}
}
