package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentResolver;
import io.agentledger.api.environment.EnvironmentSnapshot;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.environment.EnvironmentLookupTable.Choice;
import io.agentledger.command.environment.EnvironmentLookupTable.InForce;
import io.agentledger.command.support.DefaultEnvironmentIds;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every tenant's environments, for those who change them and for sessions that open in them. */
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
    environments.share(tenant);
    var id = requested == null ? standard(tenant) : requested;
    var found = environments.find(tenant, id).orElseGet(() -> unestablished(tenant, id));
    if (found.archived()) throw new RejectionException(new Archived("environment", id.value()));
    environmentValidator.checkPermitted(found.terms());
    environments.use(id);
    return snapshot(found);
  }

  private EnvironmentId standard(TenantId tenant) {
    return environments
        .choice(tenant)
        .map(Choice::id)
        .orElseGet(() -> defaultEnvironmentIds.idFor(tenant));
  }

  /** What a tenant begins with counts before it is on the record: a moment, after the founding. */
  private InForce unestablished(TenantId tenant, EnvironmentId id) {
    if (!id.equals(defaultEnvironmentIds.idFor(tenant)))
      throw new RejectionException(new NotFound("environment", id.value()));
    return new InForce(
        id, DefaultEnvironmentProvisioner.NAME, EnvironmentDefinition.DEFAULT, false);
  }

  private static EnvironmentSnapshot snapshot(InForce found) {
    var definition = found.terms();
    return new EnvironmentSnapshot(
        found.id(),
        found.name(),
        EnvironmentSnapshot.Kind.LOCAL,
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
  public boolean isNameTaken(TenantId tenant, String name, EnvironmentId by) {
    return environments.isNameTaken(tenant, name, by);
  }

  @Override
  public boolean isStandard(TenantId tenant, EnvironmentId environment) {
    return standard(tenant).equals(environment);
  }

  @Override
  public boolean isUsed(EnvironmentId environment) {
    return environments.isUsed(environment);
  }

  @Override
  public long choices(TenantId tenant) {
    return environments.choice(tenant).map(Choice::number).orElse(0L);
  }

  @Override
  public void check(EnvironmentDefinition definition) {
    environmentValidator.check(definition);
  }
}
