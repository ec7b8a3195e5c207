package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.EnvironmentRejection.EnvironmentRefused;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Registry whose answers a test sets. */
final class FakeEnvironmentRegistry implements EnvironmentRegistry {
  final Set<String> names = new HashSet<>();
  int count;
  long choices;
  boolean standard;
  boolean used;
  boolean refusing;
  @Nullable Rejection unusable;

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
  public void requireUsable(TenantId tenant, EnvironmentId environment) {
    if (unusable != null) throw new RejectionException(unusable);
  }

  @Override
  public void check(EnvironmentDefinition definition) {
    if (refusing) throw new RejectionException(new EnvironmentRefused("network", "must be closed"));
  }
}
