package io.agentledger.projection.permission;

import io.agentledger.api.permission.PolicyEvent;
import io.agentledger.api.permission.PolicyEvent.PolicyArchived;
import io.agentledger.api.permission.PolicyEvent.PolicyChanged;
import io.agentledger.api.permission.PolicyEvent.PolicyCreated;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.VersionedProjection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each policy, and one for each of its versions. */
@ProcessingGroup(PolicyProjection.GROUP)
class PolicyProjection extends VersionedProjection<PolicyRow, PolicyVersionRow> {
  static final String GROUP = "permission";

  PolicyProjection(
      PolicyRowRepository policies,
      PolicyVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(policies, versions, PolicyVersionRow::new, poisonEventIsolator);
  }

  @EventHandler
  void on(PolicyEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case PolicyCreated created -> insert(new PolicyRow(created, message), message);
      case PolicyChanged changed -> update(message, policy -> policy.update(changed));
      case PolicyArchived ignored -> update(message, policy -> policy.archive(message));
    }
  }
}
