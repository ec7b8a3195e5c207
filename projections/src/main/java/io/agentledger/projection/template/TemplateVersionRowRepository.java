package io.agentledger.projection.template;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of the versions of templates; access to a template must be checked before. */
public interface TemplateVersionRowRepository
    extends JpaRepository<TemplateVersionRow, TemplateVersionKey> {
  /** Newest first, those before the given one. */
  @Query(
      """
      select v from TemplateVersionRow v
      where v.key.templateId = :template and v.key.sequence < :before
      order by v.key.sequence desc
      """)
  List<TemplateVersionRow> page(String template, long before, Limit limit);
}
