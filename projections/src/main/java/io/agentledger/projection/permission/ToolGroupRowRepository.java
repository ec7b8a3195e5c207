package io.agentledger.projection.permission;

import io.agentledger.projection.support.ConfigurationRepository;
import java.util.List;
import org.springframework.data.jpa.repository.Query;

/** Repository of tool groups. */
public interface ToolGroupRowRepository extends ConfigurationRepository<ToolGroupRow> {
  /** Returns the names of a tenant's groups that are not archived. */
  @Query("select g.name from ToolGroupRow g where g.tenant = :tenant and g.archivedAt is null")
  List<String> findNames(String tenant);
}
