package io.agentledger.api.environment;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for environments. Open sessions keep the version that they were opened with. */
@StableName("environment")
public sealed interface EnvironmentCommand extends ApiCommand {
  /** Maximum number of environments of a tenant, including archived ones. */
  int ENVIRONMENTS_MAX = 100;

  @TargetAggregateIdentifier
  EnvironmentId environmentId();

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
      implements EnvironmentCommand, Idempotent {}

  /** Creates the environment that is the default of a new tenant until another one is chosen. */
  @InternalOnly
  @StableName("CreateDefaultEnvironment")
  record CreateDefaultEnvironment(EnvironmentId environmentId) implements EnvironmentCommand {}

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
      implements EnvironmentCommand {}

  /** Makes the environment the default for sessions that name no environment. Idempotent. */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("SetDefaultEnvironment")
  record SetDefaultEnvironment(EnvironmentId environmentId, @Nullable Idempotency idempotency)
      implements EnvironmentCommand, Idempotent {
    public SetDefaultEnvironment(EnvironmentId environmentId) {
      this(environmentId, null);
    }
  }

  /**
   * Archives the environment: no session can be opened in it any more. Rejected for the default
   * environment. Idempotent.
   */
  @RequiresScope(Scope.ENVIRONMENTS_WRITE)
  @StableName("ArchiveEnvironment")
  record ArchiveEnvironment(EnvironmentId environmentId, @Nullable Idempotency idempotency)
      implements EnvironmentCommand, Idempotent {
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
      implements EnvironmentCommand, Idempotent {
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
  record DeleteEnvironment(EnvironmentId environmentId) implements EnvironmentCommand {}
}
