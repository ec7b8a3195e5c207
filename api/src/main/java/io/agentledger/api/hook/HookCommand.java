package io.agentledger.api.hook;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for hooks. */
@StableName("hook")
public sealed interface HookCommand {
  /** How many hooks a tenant may have that are not archived. */
  int HOOKS_MAX = 100;

  @TargetAggregateIdentifier
  HookId hookId();

  /**
   * Answered with the {@link HookId}, or with the first one's when repeated. At PreToolUse it is
   * called from the next tool call on; at other points from the next process of a session on.
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

  /** Changes a hook; answered with the new version. The same again does nothing. */
  @RequiresScope(Scope.HOOKS_WRITE)
  @StableName("ChangeHook")
  record ChangeHook(HookId hookId, String name, HookDefinition definition, long version)
      implements HookCommand {}

  /** It is called no more, for good. Twice is once. */
  @RequiresScope(Scope.HOOKS_WRITE)
  @StableName("ArchiveHook")
  record ArchiveHook(HookId hookId) implements HookCommand {}
}
