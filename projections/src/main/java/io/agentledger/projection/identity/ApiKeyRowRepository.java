package io.agentledger.projection.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of all keys; each query must restrict the tenant. */
public interface ApiKeyRowRepository extends JpaRepository<ApiKeyRow, String> {
  Optional<ApiKeyRow> findByIdAndTenant(String id, String tenant);

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select k.sequence from ApiKeyRow k where k.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      """
      select k from ApiKeyRow k where k.tenant = :tenant and (k.createdAt, k.id) < (:before, :id)
      order by k.createdAt desc, k.id desc
      """)
  List<ApiKeyRow> page(String tenant, Instant before, String id, Limit limit);

  /** Returns the rows of one owner newest first, after the given position. */
  @Query(
      """
      select k from ApiKeyRow k
      where k.tenant = :tenant and k.owner = :owner and (k.createdAt, k.id) < (:before, :id)
      order by k.createdAt desc, k.id desc
      """)
  List<ApiKeyRow> page(String tenant, String owner, Instant before, String id, Limit limit);
}
