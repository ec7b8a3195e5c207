package io.agentledger.api.hook;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of a hook's registration; executions of hooks are events of the sessions. */
public sealed interface HookEvent {
  HookId hookId();

  /** The hook was created with version 1. */
  @Revision("1")
  @StableName("HookCreated")
  record HookCreated(
      HookId hookId, PolicyScope scope, @ShownInAudit String name, HookDefinition definition)
      implements HookEvent {}

  /** The hook was changed. */
  @Revision("1")
  @StableName("HookChanged")
  record HookChanged(
      HookId hookId, long version, @ShownInAudit String name, HookDefinition definition)
      implements HookEvent {}

  /** The hook was archived and is not called any more. */
  @Revision("1")
  @StableName("HookArchived")
  record HookArchived(HookId hookId) implements HookEvent {}
}
