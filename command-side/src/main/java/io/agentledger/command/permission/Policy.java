package io.agentledger.command.permission;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyCommand;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.ChangePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyEvent.PolicyArchived;
import io.agentledger.api.permission.PolicyEvent.PolicyChanged;
import io.agentledger.api.permission.PolicyEvent.PolicyCreated;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.shared.PermissionRejection.PolicyRefused;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import java.util.HashSet;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Policy: a set of rules, with its versions. */
@Aggregate(type = "Policy")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Policy extends ConfigurationAggregate<PolicyId> {
  private String name;
  private PolicyDefinition definition;

  Policy() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  PolicyId create(CreatePolicy command, TenantId owningTenant, PolicyRegistry policyRegistry) {
    if (id != null) return id;
    if (policyRegistry.countOf(owningTenant) >= PolicyCommand.POLICIES_MAX)
      throw new RejectionException(new TooMany("policies", PolicyCommand.POLICIES_MAX));
    check(owningTenant, command.definition(), policyRegistry);
    apply(
        new PolicyCreated(
            command.policyId(), command.scope(), command.name(), command.definition()));
    return command.policyId();
  }

  @CommandHandler
  long change(ChangePolicy command, PolicyRegistry policyRegistry) {
    requireNotArchived();
    if (name.equals(command.name()) && definition.equals(command.definition())) return version;
    requireVersion(command.version());
    check(owningTenant(), command.definition(), policyRegistry);
    apply(new PolicyChanged(id, version + 1, command.name(), command.definition()));
    return version;
  }

  @CommandHandler
  void archive(ArchivePolicy command) {
    if (!archived) apply(new PolicyArchived(id));
  }

  private static void check(
      TenantId tenant, PolicyDefinition definition, PolicyRegistry policyRegistry) {
    var names = new HashSet<String>();
    for (var rule : definition.rules())
      if (!names.add(rule.name()))
        throw new RejectionException(new PolicyRefused(rule.name(), "is duplicated"));
    policyRegistry.check(tenant, definition);
  }

  @EventSourcingHandler
  void on(PolicyCreated event, TenantId tenant) {
    create(event.policyId(), tenant);
    name = event.name();
    definition = event.definition();
  }

  @EventSourcingHandler
  void on(PolicyChanged event) {
    name = event.name();
    definition = event.definition();
    version = event.version();
  }

  @EventSourcingHandler
  void on(PolicyArchived event) {
    archived = true;
  }
}
