package io.agentledger.command.permission;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyEvent.PolicyArchived;
import io.agentledger.api.permission.PolicyEvent.PolicyChanged;
import io.agentledger.api.permission.PolicyEvent.PolicyCreated;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupArchived;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupChanged;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupCreated;
import io.agentledger.command.permission.PolicyLookupTable.PolicyVersion;
import io.agentledger.command.permission.PolicyLookupTable.StoredPolicy;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Writes down what counts, before the event that says so is committed. */
@ProcessingGroup(PolicyLookupUpdater.GROUP)
class PolicyLookupUpdater {
  static final String GROUP = "policy-lookup";

  private final PolicyLookupTable policies;
  private final ToolGroupLookupTable groups;

  PolicyLookupUpdater(PolicyLookupTable policies, ToolGroupLookupTable groups) {
    this.policies = policies;
    this.groups = groups;
  }

  @EventHandler
  void on(
      ToolGroupCreated event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    groups.add(new TenantId(tenant), event.toolGroupId(), event.name(), event.tools());
  }

  @EventHandler
  void on(ToolGroupChanged event) {
    groups.replace(event.toolGroupId(), event.version(), event.tools());
  }

  @EventHandler
  void on(ToolGroupArchived event) {
    groups.remove(event.toolGroupId());
  }

  @EventHandler
  void on(
      PolicyCreated event,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    policies.add(
        new TenantId(tenant),
        event.scope(),
        toStoredPolicy(event.policyId(), 1, event.name(), event.definition()));
  }

  @EventHandler
  void on(PolicyChanged event) {
    policies.replace(
        toStoredPolicy(event.policyId(), event.version(), event.name(), event.definition()));
  }

  private static StoredPolicy toStoredPolicy(
      PolicyId id, long version, String name, PolicyDefinition definition) {
    return new StoredPolicy(new PolicyVersion(id.value(), version), name, definition);
  }

  @EventHandler
  void on(PolicyArchived event) {
    policies.remove(event.policyId());
  }
}
