package io.agentledger.projection.permission;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** The rows of all groups of tools, of every tenant: whoever reads them names one. */
public interface ToolGroupRowRepository extends JpaRepository<ToolGroupRow, String> {
  Optional<ToolGroupRow> findByIdAndTenant(String id, String tenant);

  /** Of the last event that was seen of it; empty before the first. */
  @Query("select g.sequence from ToolGroupRow g where g.id = :id")
  Optional<Long> sequenceOf(String id);

  /** By name, those that are not archived, behind the given one. */
  @Query(
      """
      select g from ToolGroupRow g
      where g.tenant = :tenant and g.archivedAt is null and g.name > :after
      order by g.name
      """)
  List<ToolGroupRow> page(String tenant, String after, Limit limit);
}
