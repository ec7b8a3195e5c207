package io.agentledger.projection.permission;

import io.agentledger.projection.support.ConfigurationRepository;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;

/** Repository of tool groups. */
public interface ToolGroupRowRepository extends ConfigurationRepository<ToolGroupRow> {
  /** Returns groups that are not archived, by name, after the given one. */
  @Query(
      """
      select g from ToolGroupRow g
      where g.tenant = :tenant and g.archivedAt is null and g.name > :after
      order by g.name
      """)
  List<ToolGroupRow> page(String tenant, String after, Limit limit);
}
