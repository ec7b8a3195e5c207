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
  /** How many environments a tenant may have, archived ones included. */
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
   * Answered with the {@link EnvironmentId}, or with the first one's when repeated.
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
   * Answered with the new version.
   *
   * @param version that the change is based on; that another one has been there meanwhile is
   *     refused
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

  /** No session opens in it any more; refused for the default one. Repeating it does nothing. */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("ArchiveEnvironment")
  record ArchiveEnvironment(EnvironmentId environmentId, @Nullable Idempotency idempotency)
      implements AddressedToEnvironment, Idempotent {
    public ArchiveEnvironment(EnvironmentId environmentId) {
      this(environmentId, null);
    }
  }

  /** Out of the archive. Refused where the operator permits less by now. Twice is once. */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("RestoreEnvironment")
  record RestoreEnvironment(EnvironmentId environmentId, @Nullable Idempotency idempotency)
      implements AddressedToEnvironment, Idempotent {
    public RestoreEnvironment(EnvironmentId environmentId) {
      this(environmentId, null);
    }
  }

  /** Deletes it for good; refused for the default one and if a session ever opened in it. */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("DeleteEnvironment")
  record DeleteEnvironment(EnvironmentId environmentId) implements AddressedToEnvironment {}
}
