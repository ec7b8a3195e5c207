package io.agentledger.projection.support;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.NoRepositoryBean;

/** Repository of the rows of a configuration feature, of all tenants. */
@NoRepositoryBean
public interface ConfigurationRepository<R extends ConfigurationRow>
    extends JpaRepository<R, String> {
  Optional<R> findByIdAndTenant(String id, String tenant);

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select r.sequence + 1 from #{#entityName} r where r.id = :id")
  Optional<Long> eventCountOf(String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      """
      select r from #{#entityName} r
      where r.tenant = :tenant
        and (:archived = true or r.archivedAt is null)
        and (r.createdAt, r.id) < (:before, :id)
      order by r.createdAt desc, r.id desc
      """)
  List<R> page(String tenant, boolean archived, Instant before, String id, Limit limit);

  /** Returns rows that are not archived by name, after the given one. */
  @Query(
      """
      select r from #{#entityName} r
      where r.tenant = :tenant and r.archivedAt is null and r.name > :after
      order by r.name
      """)
  List<R> pageByName(String tenant, String after, Limit limit);
}
