package io.agentledger.api.permission;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of a policy. Its rules are configuration, not content, and are not sealed. */
public sealed interface PolicyEvent {
  PolicyId policyId();

  /** The policy was created with version 1. */
  @Revision("1")
  @StableName("PolicyCreated")
  record PolicyCreated(
      PolicyId policyId, PolicyScope scope, @ShownInAudit String name, PolicyDefinition definition)
      implements PolicyEvent {}

  /** The policy was changed. */
  @Revision("1")
  @StableName("PolicyChanged")
  record PolicyChanged(
      PolicyId policyId, long version, @ShownInAudit String name, PolicyDefinition definition)
      implements PolicyEvent {}

  /** The policy was archived; its rules do not apply any more. */
  @Revision("1")
  @StableName("PolicyArchived")
  record PolicyArchived(PolicyId policyId) implements PolicyEvent {}
}
