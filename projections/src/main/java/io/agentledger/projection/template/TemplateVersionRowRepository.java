package io.agentledger.projection.template;

import io.agentledger.projection.support.VersionRepository;
import java.util.Optional;
import org.springframework.data.jpa.repository.Query;

/** Repository of the versions of templates. */
public interface TemplateVersionRowRepository extends VersionRepository<TemplateVersionRow> {
  /** Returns the row of the event that created the version; the tenant must be checked before. */
  @Query(
      """
      select v from TemplateVersionRow v
      where v.key.id = :id and v.version = :version
      order by v.key.sequence
      limit 1
      """)
  Optional<TemplateVersionRow> find(String id, long version);
}
