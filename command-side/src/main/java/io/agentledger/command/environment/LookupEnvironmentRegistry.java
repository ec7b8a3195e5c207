package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentResolver;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.environment.EnvironmentLookupTable.DefaultChoice;
import io.agentledger.command.environment.EnvironmentLookupTable.StoredEnvironment;
import io.agentledger.command.support.DefaultEnvironmentIds;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Registry of all environments, for changes to them and for sessions that open in them. */
final class LookupEnvironmentRegistry implements EnvironmentRegistry, EnvironmentResolver {
  private final EnvironmentLookupTable environments;
  private final DefaultEnvironmentIds defaultEnvironmentIds;
  private final EnvironmentValidator environmentValidator;

  LookupEnvironmentRegistry(
      EnvironmentLookupTable environments,
      DefaultEnvironmentIds defaultEnvironmentIds,
      EnvironmentValidator environmentValidator) {
    this.environments = environments;
    this.defaultEnvironmentIds = defaultEnvironmentIds;
    this.environmentValidator = environmentValidator;
  }

  @Override
  public EnvironmentSnapshot resolve(TenantId tenant, @Nullable EnvironmentId requested) {
    environments.lockShared(tenant);
    var id = requested == null ? defaultEnvironmentOf(tenant) : requested;
    var environment =
        environments.find(tenant, id).orElseGet(() -> initialDefaultOrReject(tenant, id));
    if (environment.archived())
      throw new RejectionException(new Archived("environment", id.value()));
    environmentValidator.checkPermitted(environment.definition());
    environments.markUsed(id);
    return snapshot(environment);
  }

  private EnvironmentId defaultEnvironmentOf(TenantId tenant) {
    return environments
        .findDefault(tenant)
        .map(DefaultChoice::id)
        .orElseGet(() -> defaultEnvironmentIds.idFor(tenant));
  }

  /**
   * Returns the tenant's initial default environment, which can be used before it is recorded,
   * shortly after the tenant is created.
   */
  private StoredEnvironment initialDefaultOrReject(TenantId tenant, EnvironmentId id) {
    if (!id.equals(defaultEnvironmentIds.idFor(tenant)))
      throw new RejectionException(new NotFound("environment", id.value()));
    return new StoredEnvironment(
        id, DefaultEnvironmentProvisioner.NAME, EnvironmentDefinition.DEFAULT, false);
  }

  private static EnvironmentSnapshot snapshot(StoredEnvironment environment) {
    var definition = environment.definition();
    return new EnvironmentSnapshot(
        environment.id(),
        environment.name(),
        EnvironmentSnapshot.EnvironmentType.LOCAL,
        definition.network(),
        Map.of(),
        definition.limits(),
        definition.variables(),
        definition.mounts());
  }

  @Override
  public void lock(TenantId tenant) {
    environments.lock(tenant);
  }

  @Override
  public int countOf(TenantId tenant) {
    return environments.countOf(tenant);
  }

  @Override
  public boolean isNameTaken(TenantId tenant, String name, EnvironmentId environmentId) {
    return environments.isNameTaken(tenant, name, environmentId);
  }

  @Override
  public boolean isDefault(TenantId tenant, EnvironmentId environment) {
    return defaultEnvironmentOf(tenant).equals(environment);
  }

  @Override
  public boolean isUsed(EnvironmentId environment) {
    return environments.isUsed(environment);
  }

  @Override
  public long defaultChangeNumber(TenantId tenant) {
    return environments.findDefault(tenant).map(DefaultChoice::number).orElse(0L);
  }

  @Override
  public void check(EnvironmentDefinition definition) {
    environmentValidator.check(definition);
  }
}
