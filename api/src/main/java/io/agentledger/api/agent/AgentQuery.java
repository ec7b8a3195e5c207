package io.agentledger.api.agent;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/** Queries about agents that are the caller's own or shared. */
public sealed interface AgentQuery extends TenantScoped {
  /**
   * Lists agents, newest first; returns a page of {@link AgentView}.
   *
   * @param name only the agents of this name; null for all
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListAgents")
  record ListAgents(
      TenantId tenant, @Nullable String name, boolean includeArchived, PageRequest page)
      implements AgentQuery {}

  /** Returns an {@link AgentView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindAgent")
  record FindAgent(TenantId tenant, AgentId agentId) implements AgentQuery {}

  /** Lists versions, newest first; returns a page of {@link AgentVersionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListAgentVersions")
  record ListAgentVersions(TenantId tenant, AgentId agentId, PageRequest page)
      implements AgentQuery {}

  /** Returns an {@link AgentVersionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindAgentVersion")
  record FindAgentVersion(TenantId tenant, AgentId agentId, long version) implements AgentQuery {}
}
