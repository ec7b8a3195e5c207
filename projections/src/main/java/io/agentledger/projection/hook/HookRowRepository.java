package io.agentledger.projection.hook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all hooks, of every tenant: whoever reads them names one. */
public interface HookRowRepository extends JpaRepository<HookRow, String> {
  Optional<HookRow> findByIdAndTenant(String id, String tenant);

  /** Of the last event that was seen of it; empty before the first. */
  @Query("select p.sequence from HookRow p where p.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Newest first, those behind the given place. */
  @Query(
      """
      select p from HookRow p
      where p.tenant = :tenant
        and (:archived = true or p.archivedAt is null)
        and (p.createdAt, p.id) < (:before, :id)
      order by p.createdAt desc, p.id desc
      """)
  List<HookRow> page(String tenant, boolean archived, Instant before, String id, Limit limit);
}
