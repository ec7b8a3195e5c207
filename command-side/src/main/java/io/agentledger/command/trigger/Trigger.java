package io.agentledger.command.trigger;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.flow.RepositoryUrlPolicy;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.Viewers;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TriggerRejection.DefaultTriggerTaken;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.trigger.TriggerCommand;
import io.agentledger.api.trigger.TriggerCommand.ArchiveTrigger;
import io.agentledger.api.trigger.TriggerCommand.ChangeTrigger;
import io.agentledger.api.trigger.TriggerCommand.CreateTrigger;
import io.agentledger.api.trigger.TriggerCommand.PauseTrigger;
import io.agentledger.api.trigger.TriggerCommand.ResumeTrigger;
import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerEvent.TriggerArchived;
import io.agentledger.api.trigger.TriggerEvent.TriggerChanged;
import io.agentledger.api.trigger.TriggerEvent.TriggerCreated;
import io.agentledger.api.trigger.TriggerEvent.TriggerPaused;
import io.agentledger.api.trigger.TriggerEvent.TriggerResumed;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.command.support.SharedAggregate;
import io.agentledger.command.support.VaultUse;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/** Trigger with its versions, for its owner and admins. Its definition is not kept in memory. */
@Aggregate(type = "Trigger")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Trigger extends SharedAggregate<TriggerId> {
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final Viewers NOBODY = new Viewers(false, List.of());

  private ExecutionPrincipal principal;
  private boolean paused;

  Trigger() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  TriggerId create(
      CreateTrigger command,
      TenantId owningTenant,
      TriggerLookupTable triggers,
      SecretReader secrets,
      RepositoryUrlPolicy repositoryUrls,
      Sealer sealer,
      MetaData metaData) {
    if (id != null) return id;
    requirePermitted(command.definition(), repositoryUrls);
    var credentials = credentialsOf(command.definition());
    VaultUse.require(credentials, metaData);
    requireUsable(command.properties(), credentials, owningTenant, secrets);
    checkDefault(command.triggerId(), command.properties(), owningTenant, triggers);
    if (triggers.countActive(owningTenant) >= TriggerCommand.TRIGGERS_MAX)
      throw new RejectionException(new TooMany("triggers", TriggerCommand.TRIGGERS_MAX));
    var definition = seal(command.triggerId(), TriggerCreated.class, command.definition(), sealer);
    apply(
        new TriggerCreated(
            command.triggerId(), command.ownerId(), command.properties(), definition));
    return command.triggerId();
  }

  /**
   * Changes the trigger. It acts as the owner, after a change by an admin with the permissions that
   * both have.
   */
  @CommandHandler
  long change(
      ChangeTrigger command,
      TriggerLookupTable triggers,
      SecretReader secrets,
      RepositoryUrlPolicy repositoryUrls,
      Sealer sealer,
      MetaData metaData) {
    requireNotArchived();
    requireVersion(command.version());
    requirePermitted(command.definition(), repositoryUrls);
    var changed = command.properties();
    var credentials = credentialsOf(command.definition());
    VaultUse.require(credentials, metaData);
    requireUsable(changed, credentials, owningTenant(), secrets);
    checkDefault(id, changed, owningTenant(), triggers);
    boolean isByOwner = changed.principal().userId().equals(owner);
    var properties =
        isByOwner ? changed : changed.withPrincipal(principal.limitedBy(changed.principal()));
    apply(
        new TriggerChanged(
            id,
            version + 1,
            properties,
            seal(id, TriggerChanged.class, command.definition(), sealer)));
    return version;
  }

  private static void requirePermitted(
      TriggerDefinition definition, RepositoryUrlPolicy repositoryUrls) {
    var flow = definition.flow();
    if (flow != null && flow.repository() != null)
      repositoryUrls.requirePermitted(flow.repository().url());
  }

  /** Returns the secrets that flows of the trigger use. */
  private static List<SecretRef> credentialsOf(TriggerDefinition definition) {
    return definition.flow() == null ? List.of() : definition.flow().credentials();
  }

  private static void requireUsable(
      TriggerProperties properties,
      List<SecretRef> credentials,
      TenantId tenant,
      SecretReader secrets) {
    var used =
        Stream.concat(properties.signature().secrets().stream(), credentials.stream())
            .distinct()
            .toList();
    var vaults = used.stream().map(SecretRef::vaultId).distinct().toList();
    for (var vault : secrets.findUnusable(tenant, vaults))
      throw new RejectionException(NotFound.of(vault));
    for (var secret : secrets.findMissing(tenant, used))
      throw new RejectionException(new NotFound("secret", secret.name()));
  }

  private static void checkDefault(
      TriggerId id, TriggerProperties properties, TenantId tenant, TriggerLookupTable triggers) {
    if (!properties.providerDefault()) return;
    triggers.lock(tenant);
    triggers
        .findDefault(tenant, properties.provider())
        .filter(other -> !other.equals(id))
        .ifPresent(
            other -> {
              throw new RejectionException(new DefaultTriggerTaken(other.value()));
            });
  }

  @CommandHandler
  void pause(PauseTrigger command) {
    requireNotArchived();
    if (!paused) apply(new TriggerPaused(id));
  }

  @CommandHandler
  void resume(ResumeTrigger command) {
    requireNotArchived();
    if (paused) apply(new TriggerResumed(id));
  }

  @CommandHandler
  void archive(ArchiveTrigger command) {
    if (!archived) apply(new TriggerArchived(id));
  }

  private static Content seal(
      TriggerId id, Class<?> event, TriggerDefinition definition, Sealer sealer) {
    return sealer.seal(id, event, "definition", JSON.writeValueAsString(definition));
  }

  @EventSourcingHandler
  void on(TriggerCreated event, TenantId tenant) {
    create(event.triggerId(), tenant);
    share(event.ownerId(), NOBODY);
    principal = event.properties().principal();
  }

  @EventSourcingHandler
  void on(TriggerChanged event) {
    version = event.version();
    principal = event.properties().principal();
  }

  @EventSourcingHandler
  void on(TriggerPaused event) {
    paused = true;
  }

  @EventSourcingHandler
  void on(TriggerResumed event) {
    paused = false;
  }

  @EventSourcingHandler
  void on(TriggerArchived event) {
    archived = true;
  }
}
