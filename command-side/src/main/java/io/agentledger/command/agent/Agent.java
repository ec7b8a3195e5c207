package io.agentledger.command.agent;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.agent.AgentCommand;
import io.agentledger.api.agent.AgentCommand.ArchiveAgent;
import io.agentledger.api.agent.AgentCommand.ChangeAgent;
import io.agentledger.api.agent.AgentCommand.CreateAgent;
import io.agentledger.api.agent.AgentCommand.InstallAgent;
import io.agentledger.api.agent.AgentCommand.RestoreAgent;
import io.agentledger.api.agent.AgentDefinition;
import io.agentledger.api.agent.AgentEvent.AgentArchived;
import io.agentledger.api.agent.AgentEvent.AgentChanged;
import io.agentledger.api.agent.AgentEvent.AgentCreated;
import io.agentledger.api.agent.AgentEvent.AgentRestored;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.AgentNameTaken;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.SharedAggregate;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/** Agent with its versions. Its definition is sealed and not kept in memory. */
@Aggregate(type = "Agent")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Agent extends SharedAggregate<AgentId> {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private String name;

  Agent() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  AgentId create(
      CreateAgent command,
      TenantId owningTenant,
      AgentLookupTable agents,
      TenantMembership members,
      Sealer sealer) {
    if (id != null) return id;
    requireMembers(command.sharedWith(), owningTenant, members);
    requireFreeName(command.agentId(), command.name(), owningTenant, agents);
    requireSpace(owningTenant, agents);
    var definition = seal(command.agentId(), AgentCreated.class, command.definition(), sealer);
    apply(
        new AgentCreated(
            command.agentId(),
            command.ownerId(),
            command.sharing(),
            command.sharedWith(),
            command.name(),
            definition));
    return command.agentId();
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void install(
      InstallAgent command, TenantId owningTenant, AgentLookupTable agents, Sealer sealer) {
    if (id != null) return;
    agents.lock(owningTenant);
    if (agents.findByName(owningTenant, command.name()).isPresent()) return;
    var definition = seal(command.agentId(), AgentCreated.class, command.definition(), sealer);
    apply(
        new AgentCreated(
            command.agentId(),
            command.ownerId(),
            AgentSharing.TENANT,
            List.of(),
            command.name(),
            definition));
  }

  /**
   * Changes the agent. Sealed content cannot be compared, so an unchanged agent is a new version,
   * too.
   */
  @CommandHandler
  long change(
      ChangeAgent command, AgentLookupTable agents, TenantMembership members, Sealer sealer) {
    requireNotArchived();
    requireVersion(command.version());
    requireMembers(command.sharedWith(), members);
    requireFreeName(id, command.name(), owningTenant(), agents);
    var definition = seal(id, AgentChanged.class, command.definition(), sealer);
    apply(
        new AgentChanged(
            id, version + 1, command.sharing(), command.sharedWith(), command.name(), definition));
    return version;
  }

  @CommandHandler
  void archive(ArchiveAgent command) {
    if (!archived) apply(new AgentArchived(id));
  }

  @CommandHandler
  void restore(RestoreAgent command, AgentLookupTable agents) {
    if (!archived) return;
    requireFreeName(id, name, owningTenant(), agents);
    requireSpace(owningTenant(), agents);
    apply(new AgentRestored(id, name));
  }

  private static void requireSpace(TenantId tenant, AgentLookupTable agents) {
    if (agents.isFull(tenant))
      throw new RejectionException(new TooMany("agents", AgentCommand.AGENTS_MAX));
  }

  private static void requireFreeName(
      AgentId agent, String name, TenantId tenant, AgentLookupTable agents) {
    agents.lock(tenant);
    agents
        .findByName(tenant, name)
        .filter(other -> !other.equals(agent))
        .ifPresent(
            other -> {
              throw new RejectionException(new AgentNameTaken(name));
            });
  }

  private static Content seal(
      AgentId id, Class<?> event, AgentDefinition definition, Sealer sealer) {
    return sealer.seal(id, event, "definition", JSON.writeValueAsString(definition));
  }

  @EventSourcingHandler
  void on(AgentCreated event, TenantId tenant) {
    create(event.agentId(), tenant);
    share(event.ownerId(), event.sharing().viewers(event.sharedWith()));
    name = event.name();
  }

  @EventSourcingHandler
  void on(AgentChanged event) {
    share(event.sharing().viewers(event.sharedWith()));
    name = event.name();
    version = event.version();
  }

  @EventSourcingHandler
  void on(AgentArchived event) {
    archived = true;
  }

  @EventSourcingHandler
  void on(AgentRestored event) {
    archived = false;
  }
}
