package io.agentledger.projection.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all keys, of every tenant: whoever reads them names one. */
public interface ApiKeyRowRepository extends JpaRepository<ApiKeyRow, String> {
  Optional<ApiKeyRow> findByIdAndTenant(String id, String tenant);

  /** How many facts of it have been seen; empty before the first. */
  @Query("select k.sequence from ApiKeyRow k where k.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Newest first, those behind the given place. */
  @Query(
      """
      select k from ApiKeyRow k where k.tenant = :tenant and (k.createdAt, k.id) < (:before, :id)
      order by k.createdAt desc, k.id desc
      """)
  List<ApiKeyRow> page(String tenant, Instant before, String id, Limit limit);

  /** The same, of one owner. */
  @Query(
      """
      select k from ApiKeyRow k
      where k.tenant = :tenant and k.owner = :owner and (k.createdAt, k.id) < (:before, :id)
      order by k.createdAt desc, k.id desc
      """)
  List<ApiKeyRow> page(String tenant, String owner, Instant before, String id, Limit limit);
}
