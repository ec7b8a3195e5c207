package io.agentledger.command.permission;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.ToolGroupCommand;
import io.agentledger.api.permission.ToolGroupCommand.ArchiveToolGroup;
import io.agentledger.api.permission.ToolGroupCommand.ChangeToolGroup;
import io.agentledger.api.permission.ToolGroupCommand.CreateToolGroup;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupArchived;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupChanged;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupCreated;
import io.agentledger.api.permission.ToolGroupId;
import io.agentledger.api.shared.Rejection.InUse;
import io.agentledger.api.shared.Rejection.NameTaken;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Named group of tools. */
@Aggregate(type = "ToolGroup")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class ToolGroup extends ConfigurationAggregate<ToolGroupId> {
  private String name;
  private List<String> tools;

  ToolGroup() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  ToolGroupId create(
      CreateToolGroup command, TenantId owningTenant, ToolGroupLookupTable toolGroups) {
    if (id != null) return id;
    if (toolGroups.isNameTaken(owningTenant, command.name(), command.toolGroupId()))
      throw new RejectionException(new NameTaken("tool_group", command.name()));
    if (toolGroups.countOf(owningTenant) >= ToolGroupCommand.GROUPS_MAX)
      throw new RejectionException(new TooMany("tool_groups", ToolGroupCommand.GROUPS_MAX));
    apply(new ToolGroupCreated(command.toolGroupId(), command.name(), command.tools()));
    return command.toolGroupId();
  }

  @CommandHandler
  long change(ChangeToolGroup command) {
    requireNotArchived();
    if (tools.equals(command.tools())) return version;
    requireVersion(command.version());
    apply(new ToolGroupChanged(id, version + 1, command.tools()));
    return version;
  }

  @CommandHandler
  void archive(ArchiveToolGroup command, PolicyLookupTable policies) {
    if (archived) return;
    policies
        .findUserOf(owningTenant(), name)
        .ifPresent(
            policy -> {
              throw new RejectionException(new InUse("tool_group", policy));
            });
    apply(new ToolGroupArchived(id));
  }

  @EventSourcingHandler
  void on(ToolGroupCreated event, TenantId tenant) {
    create(event.toolGroupId(), tenant);
    name = event.name();
    tools = event.tools();
  }

  @EventSourcingHandler
  void on(ToolGroupChanged event) {
    tools = event.tools();
    version = event.version();
  }

  @EventSourcingHandler
  void on(ToolGroupArchived event) {
    archived = true;
  }
}
