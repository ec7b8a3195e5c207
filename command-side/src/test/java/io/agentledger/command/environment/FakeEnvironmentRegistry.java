package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.EnvironmentRejection.EnvironmentRefused;
import io.agentledger.api.shared.RejectionException;
import java.util.HashSet;
import java.util.Set;

/** Other environments of a tenant, as the test sets them. */
final class FakeEnvironmentRegistry implements EnvironmentRegistry {
  final Set<String> names = new HashSet<>();
  int count;
  long choices;
  boolean standard;
  boolean used;
  boolean refusing;

  @Override
  public void lock(TenantId tenant) {}

  @Override
  public int countOf(TenantId tenant) {
    return count;
  }

  @Override
  public boolean isNameTaken(TenantId tenant, String name, EnvironmentId environmentId) {
    return names.contains(name);
  }

  @Override
  public boolean isDefault(TenantId tenant, EnvironmentId environment) {
    return standard;
  }

  @Override
  public boolean isUsed(EnvironmentId environment) {
    return used;
  }

  @Override
  public long defaultChangeNumber(TenantId tenant) {
    return choices;
  }

  @Override
  public void check(EnvironmentDefinition definition) {
    if (refusing) throw new RejectionException(new EnvironmentRefused("network", "must be closed"));
  }
}
