package io.agentledger.command.environment;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentCommand;
import io.agentledger.api.environment.EnvironmentCommand.ArchiveEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.ChangeEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.CreateDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.CreateEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.DeleteEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.RestoreEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.SetDefaultEnvironment;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentEvent;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentArchived;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentDeleted;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentRestored;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentNotes;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.EnvironmentRejection.DefaultEnvironmentRequired;
import io.agentledger.api.shared.Rejection.InUse;
import io.agentledger.api.shared.Rejection.NameTaken;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.support.ConfigurationAggregate;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/** Environment with its versions. Its notes stay sealed. */
@Aggregate(type = "Environment")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Environment extends ConfigurationAggregate<EnvironmentId> {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private EnvironmentDefinition definition;
  private boolean deleted;

  Environment() {}

  /** A deleted environment is not found. */
  @Override
  protected void checkAccess(MetaData metaData) {
    if (deleted) throw notFound();
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  EnvironmentId create(
      CreateEnvironment command,
      TenantId owningTenant,
      EnvironmentRegistry environmentRegistry,
      Sealer sealer) {
    if (id != null) return id;
    var environmentId = command.environmentId();
    environmentRegistry.lock(owningTenant);
    requireNameFree(owningTenant, environmentId, command.name(), environmentRegistry);
    if (environmentRegistry.countOf(owningTenant) >= EnvironmentCommand.ENVIRONMENTS_MAX)
      throw new RejectionException(
          new TooMany("environments", EnvironmentCommand.ENVIRONMENTS_MAX));
    environmentRegistry.check(command.definition());
    var notes = sealed(environmentId, EnvironmentCreated.class, command.notes(), sealer);
    apply(new EnvironmentCreated(environmentId, command.name(), command.definition(), notes));
    return environmentId;
  }

  /**
   * Creates the default environment. If its name is already in use, the environment is named by its
   * id, which is unique.
   */
  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void createDefault(
      CreateDefaultEnvironment command,
      TenantId owningTenant,
      EnvironmentRegistry environmentRegistry) {
    if (id != null) return;
    var environmentId = command.environmentId();
    environmentRegistry.lock(owningTenant);
    boolean nameTaken =
        environmentRegistry.isNameTaken(
            owningTenant, DefaultEnvironmentProvisioner.NAME, environmentId);
    var name = nameTaken ? environmentId.value() : DefaultEnvironmentProvisioner.NAME;
    apply(new DefaultEnvironmentCreated(environmentId, name, EnvironmentDefinition.DEFAULT));
  }

  /**
   * Changes the environment. Sealed notes cannot be compared, so an unchanged definition is a new
   * version, too.
   */
  @CommandHandler
  long change(ChangeEnvironment command, EnvironmentRegistry environmentRegistry, Sealer sealer) {
    requireNotArchived();
    requireVersion(command.version());
    environmentRegistry.lock(owningTenant());
    requireNameFree(owningTenant(), id, command.name(), environmentRegistry);
    environmentRegistry.check(command.definition());
    var notes = sealed(id, EnvironmentChanged.class, command.notes(), sealer);
    apply(new EnvironmentChanged(id, version + 1, command.name(), command.definition(), notes));
    return version;
  }

  @CommandHandler
  void setDefault(SetDefaultEnvironment command, EnvironmentRegistry environmentRegistry) {
    requireNotArchived();
    environmentRegistry.lock(owningTenant());
    if (!environmentRegistry.isDefault(owningTenant(), id))
      apply(
          new DefaultEnvironmentChanged(
              id, environmentRegistry.defaultChangeNumber(owningTenant()) + 1));
  }

  @CommandHandler
  void archive(ArchiveEnvironment command, EnvironmentRegistry environmentRegistry) {
    if (archived) return;
    requireNotDefault(environmentRegistry);
    apply(new EnvironmentArchived(id));
  }

  @CommandHandler
  void restore(RestoreEnvironment command, EnvironmentRegistry environmentRegistry) {
    if (!archived) return;
    environmentRegistry.check(definition);
    apply(new EnvironmentRestored(id));
  }

  @CommandHandler
  void delete(DeleteEnvironment command, EnvironmentRegistry environmentRegistry) {
    requireNotDefault(environmentRegistry);
    if (environmentRegistry.isUsed(id))
      throw new RejectionException(new InUse("environment", "sessions"));
    apply(new EnvironmentDeleted(id));
  }

  private void requireNotDefault(EnvironmentRegistry environmentRegistry) {
    environmentRegistry.lock(owningTenant());
    if (environmentRegistry.isDefault(owningTenant(), id))
      throw new RejectionException(new DefaultEnvironmentRequired(id.value()));
  }

  private static void requireNameFree(
      TenantId owningTenant,
      EnvironmentId environmentId,
      String name,
      EnvironmentRegistry environmentRegistry) {
    if (environmentRegistry.isNameTaken(owningTenant, name, environmentId))
      throw new RejectionException(new NameTaken("environment", name));
  }

  private static Content sealed(
      EnvironmentId id,
      Class<? extends EnvironmentEvent> event,
      EnvironmentNotes notes,
      Sealer sealer) {
    return notes.equals(EnvironmentNotes.NONE)
        ? Content.ABSENT
        : sealer.seal(id, event, "notes", JSON.writeValueAsString(notes));
  }

  @EventSourcingHandler
  void on(EnvironmentCreated event, TenantId tenant) {
    create(event.environmentId(), tenant);
    definition = event.definition();
  }

  @EventSourcingHandler
  void on(DefaultEnvironmentCreated event, TenantId tenant) {
    create(event.environmentId(), tenant);
    definition = event.definition();
  }

  @EventSourcingHandler
  void on(EnvironmentChanged event) {
    definition = event.definition();
    version = event.version();
  }

  @EventSourcingHandler
  void on(EnvironmentArchived event) {
    archived = true;
  }

  @EventSourcingHandler
  void on(EnvironmentRestored event) {
    archived = false;
  }

  @EventSourcingHandler
  void on(EnvironmentDeleted event) {
    deleted = true;
  }
}
