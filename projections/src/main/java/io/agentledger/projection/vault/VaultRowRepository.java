package io.agentledger.projection.vault;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all vaults, of every tenant: whoever reads them names one. */
public interface VaultRowRepository extends JpaRepository<VaultRow, String> {
  Optional<VaultRow> findByIdAndTenant(String id, String tenant);

  /** Of the last event that was seen of it; empty before the first. */
  @Query("select v.sequence from VaultRow v where v.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Newest first, those behind the given place. */
  @Query(
      """
      select v from VaultRow v
      where v.tenant = :tenant
        and (:archived = true or v.archivedAt is null)
        and (v.createdAt, v.id) < (:before, :id)
      order by v.createdAt desc, v.id desc
      """)
  List<VaultRow> page(String tenant, boolean archived, Instant before, String id, Limit limit);
}
