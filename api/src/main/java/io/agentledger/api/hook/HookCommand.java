package io.agentledger.api.hook;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for hooks. */
@StableName("hook")
public sealed interface HookCommand extends ApiCommand {
  /** Maximum number of hooks of a tenant, without archived ones. */
  int HOOKS_MAX = 100;

  @TargetAggregateIdentifier
  HookId hookId();

  /**
   * Creates a hook and returns its {@link HookId}; a repeated command returns the id of the first
   * one. A PreToolUse hook applies from the next tool call on, other hooks from the session's next
   * process on.
   *
   * @param name at most 255 characters
   */
  @RequiresScope(Scope.HOOKS_WRITE)
  @StableName("CreateHook")
  record CreateHook(
      HookId hookId,
      PolicyScope scope,
      String name,
      HookDefinition definition,
      @Nullable Idempotency idempotency)
      implements HookCommand, Idempotent {}

  /** Changes a hook and returns the new version. Does nothing if nothing changes. */
  @RequiresScope(Scope.HOOKS_WRITE)
  @StableName("ChangeHook")
  record ChangeHook(HookId hookId, String name, HookDefinition definition, long version)
      implements HookCommand {}

  /** Archives the hook permanently: it is not called any more. Idempotent. */
  @RequiresScope(Scope.HOOKS_WRITE)
  @StableName("ArchiveHook")
  record ArchiveHook(HookId hookId) implements HookCommand {}
}
