package io.agentledger.projection.identity;

import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all logins, of every tenant: whoever reads them names one. */
public interface LoginRowRepository extends JpaRepository<LoginRow, String> {
  /** Those that nobody has ended. */
  List<LoginRow> findByUserIdAndEndedAtIsNull(String userId);

  /** Newest first, those behind the given place. */
  @Query(
      """
      select l from LoginRow l
      where l.tenant = :tenant and l.userId = :user and (l.startedAt, l.id) < (:before, :id)
      order by l.startedAt desc, l.id desc
      """)
  List<LoginRow> page(String tenant, String user, Instant before, String id, Limit limit);
}
