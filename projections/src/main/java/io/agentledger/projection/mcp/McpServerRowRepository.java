package io.agentledger.projection.mcp;

import io.agentledger.projection.support.ConfigurationRepository;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;

/** Repository of MCP servers. */
public interface McpServerRowRepository extends ConfigurationRepository<McpServerRow> {
  /** Returns the enabled servers of all tenants, by id. */
  @Query(
      """
      select m from McpServerRow m
      where m.enabled = true and m.archivedAt is null and m.id > :after
      order by m.id
      """)
  List<McpServerRow> findToCheck(String after, Limit limit);

  /** Returns the names of a tenant's servers that are not archived. */
  @Query("select m.name from McpServerRow m where m.tenant = :tenant and m.archivedAt is null")
  List<String> findNames(String tenant);
}
