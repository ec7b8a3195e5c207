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
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.EnvironmentRejection.DefaultEnvironmentRequired;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.InUse;
import io.agentledger.api.shared.Rejection.NameTaken;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.Objects;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CommandHandlerInterceptor;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Where runs happen, version by version. What people write beside it passes through sealed. */
@Aggregate(type = "Environment")
@SuppressWarnings("NullAway.Init") // The first event fills it.
class Environment {
  private static final JsonMapper JSON = JsonMappers.mapper();

  @AggregateIdentifier private EnvironmentId id;
  private @Nullable String tenant;
  private EnvironmentDefinition terms;
  private long version;
  private boolean archived;
  private boolean deleted;

  Environment() {}

  /** One of another tenant is none, and neither is one that was deleted. */
  @CommandHandlerInterceptor
  void checkTenant(
      EnvironmentCommand command, @MetaDataValue(Provenance.TENANT) @Nullable String of) {
    if (id != null && (deleted || !Objects.equals(tenant, of)))
      throw new RejectionException(new NotFound("environment", command.environmentId().value()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  EnvironmentId create(
      CreateEnvironment command,
      @MetaDataValue(value = Provenance.TENANT, required = true) String of,
      EnvironmentRegistry environmentRegistry,
      Sealer sealer) {
    if (id != null) return id;
    var fresh = command.environmentId();
    var owner = new TenantId(of);
    environmentRegistry.lock(owner);
    requireNameFree(owner, fresh, command.name(), environmentRegistry);
    if (environmentRegistry.countOf(owner) >= EnvironmentCommand.ENVIRONMENTS_MAX)
      throw new RejectionException(
          new TooMany("environments", EnvironmentCommand.ENVIRONMENTS_MAX));
    environmentRegistry.check(command.terms());
    var notes = sealed(fresh, EnvironmentCreated.class, command.notes(), sealer);
    apply(new EnvironmentCreated(fresh, command.name(), command.terms(), notes));
    return fresh;
  }

  /** A name that is taken already leaves the id's: it is nobody's. */
  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void establish(
      CreateDefaultEnvironment command,
      @MetaDataValue(value = Provenance.TENANT, required = true) String of,
      EnvironmentRegistry environmentRegistry) {
    if (id != null) return;
    var fresh = command.environmentId();
    var owner = new TenantId(of);
    environmentRegistry.lock(owner);
    boolean taken =
        environmentRegistry.isNameTaken(owner, DefaultEnvironmentProvisioner.NAME, fresh);
    var name = taken ? fresh.value() : DefaultEnvironmentProvisioner.NAME;
    apply(new DefaultEnvironmentCreated(fresh, name, EnvironmentDefinition.DEFAULT));
  }

  /** What is written beside it is sealed and cannot be compared: the same is a version, too. */
  @CommandHandler
  long change(ChangeEnvironment command, EnvironmentRegistry environmentRegistry, Sealer sealer) {
    if (archived) throw new RejectionException(new Archived("environment", id.value()));
    if (version != command.version())
      throw new RejectionException(new VersionConflict("environment", version));
    environmentRegistry.lock(owner());
    requireNameFree(owner(), id, command.name(), environmentRegistry);
    environmentRegistry.check(command.terms());
    var notes = sealed(id, EnvironmentChanged.class, command.notes(), sealer);
    apply(new EnvironmentChanged(id, version + 1, command.name(), command.terms(), notes));
    return version;
  }

  @CommandHandler
  void choose(SetDefaultEnvironment command, EnvironmentRegistry environmentRegistry) {
    if (archived) throw new RejectionException(new Archived("environment", id.value()));
    environmentRegistry.lock(owner());
    if (!environmentRegistry.isStandard(owner(), id))
      apply(new DefaultEnvironmentChanged(id, environmentRegistry.choices(owner()) + 1));
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
    environmentRegistry.check(terms);
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
    environmentRegistry.lock(owner());
    if (environmentRegistry.isStandard(owner(), id))
      throw new RejectionException(new DefaultEnvironmentRequired(id.value()));
  }

  private static void requireNameFree(
      TenantId owner, EnvironmentId by, String name, EnvironmentRegistry environmentRegistry) {
    if (environmentRegistry.isNameTaken(owner, name, by))
      throw new RejectionException(new NameTaken("environment", name));
  }

  private TenantId owner() {
    return new TenantId(Objects.requireNonNull(tenant));
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
  void on(EnvironmentCreated event, @MetaDataValue(Provenance.TENANT) @Nullable String of) {
    create(event.environmentId(), of, event.terms());
  }

  @EventSourcingHandler
  void on(DefaultEnvironmentCreated event, @MetaDataValue(Provenance.TENANT) @Nullable String of) {
    create(event.environmentId(), of, event.terms());
  }

  private void create(EnvironmentId fresh, @Nullable String of, EnvironmentDefinition first) {
    id = fresh;
    tenant = of;
    terms = first;
    version = 1;
  }

  @EventSourcingHandler
  void on(EnvironmentChanged event) {
    terms = event.terms();
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
