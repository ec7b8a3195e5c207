package io.agentledger.projection.environment;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of the versions of environments; access must be checked before. */
public interface EnvironmentVersionRowRepository
    extends JpaRepository<EnvironmentVersionRow, EnvironmentVersionKey> {
  /** Newest first, those before the given one. */
  @Query(
      """
      select v from EnvironmentVersionRow v
      where v.key.environmentId = :environment and v.key.sequence < :before
      order by v.key.sequence desc
      """)
  List<EnvironmentVersionRow> page(String environment, long before, Limit limit);
}
