package io.agentledger.projection.mcp;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all MCP servers, of every tenant: whoever reads them names one. */
public interface McpServerRowRepository extends JpaRepository<McpServerRow, String> {
  Optional<McpServerRow> findByIdAndTenant(String id, String tenant);

  /** Of the last event that was seen of it; empty before the first. */
  @Query("select m.sequence from McpServerRow m where m.id = :id")
  Optional<Long> sequenceOf(String id);

  /** Newest first, those behind the given place. */
  @Query(
      """
      select m from McpServerRow m
      where m.tenant = :tenant
        and (:archived = true or m.archivedAt is null)
        and (m.createdAt, m.id) < (:before, :id)
      order by m.createdAt desc, m.id desc
      """)
  List<McpServerRow> page(String tenant, boolean archived, Instant before, String id, Limit limit);

  /** Of all tenants, those that are switched on, by id. */
  @Query(
      """
      select m from McpServerRow m
      where m.enabled = true and m.archivedAt is null and m.id > :after
      order by m.id
      """)
  List<McpServerRow> findToCheck(String after, Limit limit);
}
