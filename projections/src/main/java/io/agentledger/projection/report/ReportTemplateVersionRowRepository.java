package io.agentledger.projection.report;

import io.agentledger.projection.support.VersionRepository;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;

/** Repository of the versions of report templates. */
public interface ReportTemplateVersionRowRepository
    extends VersionRepository<ReportTemplateVersionRow> {
  /** Returns the row of the event that created the version; the tenant must be checked before. */
  @Query(
      """
      select v from ReportTemplateVersionRow v
      where v.key.id = :id and v.version = :version
      order by v.key.sequence
      limit 1
      """)
  Optional<ReportTemplateVersionRow> find(String id, long version);
}
