package io.agentledger.api.template;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;

/** Queries about templates that are the caller's own or shared. */
public sealed interface TemplateQuery extends TenantScoped {
  /** In which order they are listed. */
  enum Order {
    NEWEST,
    MOST_USED
  }

  /** Answered with a page of {@link TemplateView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListTemplates")
  record ListTemplates(TenantId tenant, Order order, boolean includeArchived, PageRequest page)
      implements TemplateQuery {}

  /** Answered with a {@link TemplateView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindTemplate")
  record FindTemplate(TenantId tenant, TemplateId templateId) implements TemplateQuery {}

  /** Newest first; answered with a page of {@link TemplateVersionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListTemplateVersions")
  record ListTemplateVersions(TenantId tenant, TemplateId templateId, PageRequest page)
      implements TemplateQuery {}
}
