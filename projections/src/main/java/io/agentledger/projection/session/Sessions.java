package io.agentledger.projection.session;

import io.agentledger.api.session.Activity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all sessions, of every tenant: whoever reads them names one. */
public interface Sessions extends JpaRepository<SessionRow, String> {
  Optional<SessionRow> findByIdAndTenant(String id, String tenant);

  /** How many facts of it have been seen; empty before the first. */
  @Query("select s.sequence from SessionRow s where s.id = :id")
  Optional<Long> sequenceOf(String id);

  @Query("select s.tenant from SessionRow s where s.id = :id")
  Optional<String> tenantOf(String id);

  /** Newest first, those behind the given place. */
  @Query(
      """
      select s from SessionRow s
      where s.tenant = :tenant
        and (s.createdAt, s.id) < (:before, :id)
      order by s.createdAt desc, s.id desc
      """)
  List<SessionRow> page(String tenant, Instant before, String id, Limit limit);

  /** The same, of those that do this. */
  @Query(
      """
      select s from SessionRow s
      where s.tenant = :tenant and s.activity = :activity
        and (s.createdAt, s.id) < (:before, :id)
      order by s.createdAt desc, s.id desc
      """)
  List<SessionRow> page(String tenant, Activity activity, Instant before, String id, Limit limit);
}
