package io.agentledger.command.hook;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.hook.HookCommand;
import io.agentledger.api.hook.HookCommand.ArchiveHook;
import io.agentledger.api.hook.HookCommand.ChangeHook;
import io.agentledger.api.hook.HookCommand.CreateHook;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookEvent.HookArchived;
import io.agentledger.api.hook.HookEvent.HookChanged;
import io.agentledger.api.hook.HookEvent.HookCreated;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookRegistry;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** Hook with its versions: the point at which it is called, and its target. */
@Aggregate(type = "Hook")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Hook extends ConfigurationAggregate<HookId> {
  private String name;
  private HookDefinition definition;

  Hook() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  HookId create(CreateHook command, TenantId owningTenant, HookRegistry registry) {
    if (id != null) return id;
    if (registry.countOf(owningTenant) >= HookCommand.HOOKS_MAX)
      throw new RejectionException(new TooMany("hooks", HookCommand.HOOKS_MAX));
    registry.check(owningTenant, command.definition());
    apply(new HookCreated(command.hookId(), command.scope(), command.name(), command.definition()));
    return command.hookId();
  }

  @CommandHandler
  long change(ChangeHook command, HookRegistry registry) {
    requireNotArchived();
    if (name.equals(command.name()) && definition.equals(command.definition())) return version;
    requireVersion(command.version());
    registry.check(owningTenant(), command.definition());
    apply(new HookChanged(id, version + 1, command.name(), command.definition()));
    return version;
  }

  @CommandHandler
  void archive(ArchiveHook command) {
    if (!archived) apply(new HookArchived(id));
  }

  @EventSourcingHandler
  void on(HookCreated event, TenantId tenant) {
    create(event.hookId(), tenant);
    name = event.name();
    definition = event.definition();
  }

  @EventSourcingHandler
  void on(HookChanged event) {
    name = event.name();
    definition = event.definition();
    version = event.version();
  }

  @EventSourcingHandler
  void on(HookArchived event) {
    archived = true;
  }
}
