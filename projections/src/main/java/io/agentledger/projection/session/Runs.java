package io.agentledger.projection.session;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The runs of all sessions. */
public interface Runs extends JpaRepository<RunRow, String> {
  Optional<RunRow> findByIdAndSessionIdAndTenant(String id, String session, String tenant);

  /** Newest first, those before {@code before}. */
  @Query(
      """
      select r from RunRow r
      where r.tenant = :tenant and r.sessionId = :session and r.ordinal < :before
      order by r.ordinal desc
      """)
  List<RunRow> page(String tenant, String session, long before, Limit limit);
}
