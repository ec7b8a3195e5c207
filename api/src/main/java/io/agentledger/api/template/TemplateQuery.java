package io.agentledger.api.template;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Queries about templates that are the caller's own or shared. */
public sealed interface TemplateQuery extends TenantScoped {
  /** Order of the list. */
  enum Order {
    NEWEST,
    MOST_USED
  }

  /**
   * Returns a page of {@link TemplateView}.
   *
   * @param category null for all
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListTemplates")
  record ListTemplates(
      TenantId tenant,
      Order order,
      @Nullable String category,
      boolean includeArchived,
      PageRequest page)
      implements TemplateQuery {}

  /** Returns a {@link TemplateView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindTemplate")
  record FindTemplate(TenantId tenant, TemplateId templateId) implements TemplateQuery {}

  /** Lists template versions, newest first; returns a page of {@link TemplateVersionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListTemplateVersions")
  record ListTemplateVersions(TenantId tenant, TemplateId templateId, PageRequest page)
      implements TemplateQuery {}

  /** Returns a {@link TemplateVersionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindTemplateVersion")
  record FindTemplateVersion(TenantId tenant, TemplateId templateId, long version)
      implements TemplateQuery {}

  /**
   * Returns the {@link TemplateStatisticsView} of a template.
   *
   * @param since begin of the period
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindTemplateStatistics")
  record FindTemplateStatistics(TenantId tenant, TemplateId templateId, Instant since)
      implements TemplateQuery {}
}
