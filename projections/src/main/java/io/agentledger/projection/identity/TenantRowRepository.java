package io.agentledger.projection.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Rows of all tenants. */
public interface TenantRowRepository extends JpaRepository<TenantRow, String> {
  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select t.sequence from TenantRow t where t.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      """
      select t from TenantRow t where (t.createdAt, t.id) < (:before, :id)
      order by t.createdAt desc, t.id desc
      """)
  List<TenantRow> page(Instant before, String id, Limit limit);
}
