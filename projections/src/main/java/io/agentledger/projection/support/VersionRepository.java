package io.agentledger.projection.support;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.NoRepositoryBean;

/** Repository of versions; the tenant must be checked before. */
@NoRepositoryBean
public interface VersionRepository<V extends VersionRow> extends JpaRepository<V, VersionKey> {
  /** Returns versions newest first, before the given event. */
  @Query(
      """
      select v from #{#entityName} v
      where v.key.id = :id and v.key.sequence < :before
      order by v.key.sequence desc
      """)
  List<V> page(String id, long before, Limit limit);
}
