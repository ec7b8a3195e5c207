package io.agentledger.api.environment;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for environments. Open sessions keep the version that they were opened with. */
@StableName("environment")
public sealed interface EnvironmentCommand {
  /** Maximum number of environments of a tenant, including archived ones. */
  int ENVIRONMENTS_MAX = 100;

  /** The environment that the command is about. */
  EnvironmentId environmentId();

  /** Command that its environment handles. */
  sealed interface AddressedToEnvironment extends EnvironmentCommand {
    @Override
    @TargetAggregateIdentifier
    EnvironmentId environmentId();
  }

  /**
   * Creates an environment and returns its {@link EnvironmentId}; a repeated command returns the id
   * of the first one.
   *
   * @param name unique in its tenant, at most 100 characters
   */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("CreateEnvironment")
  record CreateEnvironment(
      EnvironmentId environmentId,
      String name,
      EnvironmentDefinition definition,
      EnvironmentNotes notes,
      @Nullable Idempotency idempotency)
      implements AddressedToEnvironment, Idempotent {}

  /** Creates the environment that is the default of a new tenant until another one is chosen. */
  @InternalOnly
  @StableName("CreateDefaultEnvironment")
  record CreateDefaultEnvironment(EnvironmentId environmentId) implements AddressedToEnvironment {}

  /**
   * Changes an environment and returns the new version.
   *
   * @param version version that the change is based on; the command is rejected if the environment
   *     has another version
   */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("ChangeEnvironment")
  record ChangeEnvironment(
      EnvironmentId environmentId,
      String name,
      EnvironmentDefinition definition,
      EnvironmentNotes notes,
      long version)
      implements AddressedToEnvironment {}

  /**
   * Makes an environment the default of the tenant: sessions that name no environment open in it.
   * Repeating it does nothing.
   *
   * @param tenantDefaultsId of the caller's tenant
   */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("SetDefaultEnvironment")
  record SetDefaultEnvironment(
      @TargetAggregateIdentifier TenantDefaultsId tenantDefaultsId,
      EnvironmentId environmentId,
      @Nullable Idempotency idempotency)
      implements EnvironmentCommand, Idempotent {
    public SetDefaultEnvironment(TenantId tenant, EnvironmentId environmentId) {
      this(TenantDefaultsId.of(tenant), environmentId, null);
    }
  }

  /**
   * Archives the environment: no session can be opened in it any more. Rejected for the default
   * environment. Idempotent.
   */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("ArchiveEnvironment")
  record ArchiveEnvironment(EnvironmentId environmentId, @Nullable Idempotency idempotency)
      implements AddressedToEnvironment, Idempotent {
    public ArchiveEnvironment(EnvironmentId environmentId) {
      this(environmentId, null);
    }
  }

  /**
   * Restores an archived environment. Rejected if it exceeds the current limits of the operator.
   * Idempotent.
   */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("RestoreEnvironment")
  record RestoreEnvironment(EnvironmentId environmentId, @Nullable Idempotency idempotency)
      implements AddressedToEnvironment, Idempotent {
    public RestoreEnvironment(EnvironmentId environmentId) {
      this(environmentId, null);
    }
  }

  /**
   * Deletes the environment permanently. Rejected for the default environment and if a session was
   * ever opened in it.
   */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("DeleteEnvironment")
  record DeleteEnvironment(EnvironmentId environmentId) implements AddressedToEnvironment {}
}
