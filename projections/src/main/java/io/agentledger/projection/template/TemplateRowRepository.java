package io.agentledger.projection.template;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of templates. Every read for a user names that user. */
public interface TemplateRowRepository extends JpaRepository<TemplateRow, String> {
  /** Templates that a viewer may see, to be continued with {@code and}. */
  String SELECT_VISIBLE =
      """
      select new io.agentledger.projection.template.TemplateRowRepository$TemplateWithUsage(
        t, coalesce(c.uses, 0L), c.lastUsedAt)
      from TemplateRow t left join TemplateUsageRow c on c.templateId = t.id
      where t.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true or t.owner = :#{#viewer.user} or t.sharing = 'TENANT'
          or locate(:#{#viewer.user}, t.sharedWith) > 0)
      """;

  /**
   * User for whom templates are read.
   *
   * @param all whether they see every session of the tenant, and so every template
   */
  record TemplateViewer(String tenant, String user, boolean all) {}

  /**
   * A template and its usage.
   *
   * @param lastUsedAt null if it was never used
   */
  record TemplateWithUsage(TemplateRow template, long uses, @Nullable Instant lastUsedAt) {}

  /**
   * Filter of a list of templates.
   *
   * @param category empty for all
   * @param archived whether archived ones are included
   */
  record TemplateFilter(String category, boolean archived) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select t.sequence + 1 from TemplateRow t where t.id = :id")
  Optional<Long> eventCountOf(String id);

  @Query(SELECT_VISIBLE + "and t.id = :id")
  Optional<TemplateWithUsage> find(TemplateViewer viewer, String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      SELECT_VISIBLE
          + """
          and (:#{#filter.archived} = true or t.archivedAt is null)
          and (:#{#filter.category} = '' or t.category = :#{#filter.category})
          and (t.createdAt, t.id) < (:before, :id)
          order by t.createdAt desc, t.id desc
          """)
  List<TemplateWithUsage> pageNewestFirst(
      TemplateViewer viewer, TemplateFilter filter, Instant before, String id, Limit limit);

  /** Returns templates most used first, after the given position. */
  @Query(
      SELECT_VISIBLE
          + """
          and (:#{#filter.archived} = true or t.archivedAt is null)
          and (:#{#filter.category} = '' or t.category = :#{#filter.category})
          and (coalesce(c.uses, 0L), t.id) < (:uses, :id)
          order by coalesce(c.uses, 0L) desc, t.id desc
          """)
  List<TemplateWithUsage> pageMostUsedFirst(
      TemplateViewer viewer, TemplateFilter filter, long uses, String id, Limit limit);
}
