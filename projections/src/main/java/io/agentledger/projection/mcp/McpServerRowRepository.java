package io.agentledger.projection.mcp;

import io.agentledger.projection.support.ConfigurationRepository;
import java.time.Instant;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;

/** Repository of MCP servers. */
public interface McpServerRowRepository extends ConfigurationRepository<McpServerRow> {
  /** Returns the enabled servers of all tenants, by id. */
  @Query(
      """
      select m from McpServerRow m
      where m.enabled = true and m.archivedAt is null and m.sessionId is null and m.id > :after
      order by m.id
      """)
  List<McpServerRow> findToCheck(String after, Limit limit);

  /**
   * Returns the names of a tenant's servers that are not archived.
   *
   * @param session session whose own servers are included; empty for none
   */
  @Query(
      """
      select m.name from McpServerRow m
      where m.tenant = :tenant and m.archivedAt is null
        and (m.sessionId is null or m.sessionId = :session)
      """)
  List<String> findNames(String tenant, String session);

  /** Returns servers of all sessions, newest first; those of one session are not listed. */
  @Override
  @Query(
      """
      select m from McpServerRow m
      where m.tenant = :tenant and m.sessionId is null
        and (:archived = true or m.archivedAt is null)
        and (m.createdAt, m.id) < (:before, :id)
      order by m.createdAt desc, m.id desc
      """)
  List<McpServerRow> page(String tenant, boolean archived, Instant before, String id, Limit limit);
}
