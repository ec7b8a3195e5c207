package io.agentledger.projection.identity;

import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of all logins; each query must restrict the tenant. */
public interface LoginRowRepository extends JpaRepository<LoginRow, String> {
  /** Returns logins that have not been ended. */
  List<LoginRow> findByUserIdAndEndedAtIsNull(String userId);

  /** Returns rows newest first, after the given position. */
  @Query(
      """
      select l from LoginRow l
      where l.tenant = :tenant and l.userId = :user and (l.startedAt, l.id) < (:before, :id)
      order by l.startedAt desc, l.id desc
      """)
  List<LoginRow> page(String tenant, String user, Instant before, String id, Limit limit);
}
