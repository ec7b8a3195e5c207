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
  private final DefaultEnvironmentIds first;
  private final EnvironmentValidator rules;

  LookupEnvironmentRegistry(
      EnvironmentLookupTable environments,
      DefaultEnvironmentIds first,
      EnvironmentValidator rules) {
    this.environments = environments;
    this.first = first;
    this.rules = rules;
  }

  @Override
  public EnvironmentSnapshot take(TenantId tenant, @Nullable EnvironmentId wished) {
    environments.share(tenant);
    var id = wished == null ? standard(tenant) : wished;
    var found = environments.find(tenant, id).orElseGet(() -> unestablished(tenant, id));
    if (found.archived()) throw new RejectionException(new Archived("environment", id.value()));
    rules.checkPermitted(found.terms());
    environments.use(id);
    return snapshot(found);
  }

  private EnvironmentId standard(TenantId tenant) {
    return environments.choice(tenant).map(Choice::id).orElseGet(() -> first.of(tenant));
  }

  /** What a tenant begins with counts before it is on the record: a moment, after the founding. */
  private InForce unestablished(TenantId tenant, EnvironmentId id) {
    if (!id.equals(first.of(tenant)))
      throw new RejectionException(new NotFound("environment", id.value()));
    return new InForce(
        id, DefaultEnvironmentProvisioner.NAME, EnvironmentDefinition.STANDARD, false);
  }

  private static EnvironmentSnapshot snapshot(InForce found) {
    var terms = found.terms();
    return new EnvironmentSnapshot(
        found.id(),
        found.name(),
        EnvironmentSnapshot.Kind.LOCAL,
        terms.network(),
        Map.of(),
        terms.limits(),
        terms.variables(),
        terms.mounts());
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
  public boolean isTaken(TenantId tenant, String name, EnvironmentId by) {
    return environments.isTaken(tenant, name, by);
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
  public void check(EnvironmentDefinition terms) {
    rules.check(terms);
  }
}
