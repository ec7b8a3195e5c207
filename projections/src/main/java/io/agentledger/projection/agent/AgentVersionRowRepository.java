package io.agentledger.projection.agent;

import io.agentledger.projection.support.VersionRepository;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;

/** Repository of the versions of agents. */
public interface AgentVersionRowRepository extends VersionRepository<AgentVersionRow> {
  /**
   * Returns the row of the event that created the version, which is the first one: a restored agent
   * has others. The tenant must be checked before.
   */
  @Query(
      """
      select v from AgentVersionRow v
      where v.key.id = :id and v.version = :version
      order by v.key.sequence
      limit 1
      """)
  Optional<AgentVersionRow> find(String id, long version);
}
