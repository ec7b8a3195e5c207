package io.agentledger.api.hook;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.ConfigurationListQuery;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;

/** Queries about hooks. */
public sealed interface HookQuery extends TenantScoped {
  /** Lists hooks, newest first; returns a page of {@link HookView}. */
  @RequiresScope(Scope.HOOKS_READ)
  @StableName("ListHooks")
  record ListHooks(TenantId tenant, boolean includeArchived, PageRequest page)
      implements HookQuery, ConfigurationListQuery {}

  /** Returns a {@link HookView}. */
  @RequiresScope(Scope.HOOKS_READ)
  @StableName("FindHook")
  record FindHook(TenantId tenant, HookId hookId) implements HookQuery {}

  /**
   * Lists the hook executions of a session, oldest first; returns a page of {@link
   * HookExecutionView}.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListHookExecutions")
  record ListHookExecutions(TenantId tenant, SessionId sessionId, PageRequest page)
      implements HookQuery {}
}
