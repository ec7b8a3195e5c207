package io.agentledger.command.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.QuotaCommand.ChangeTenantLimits;
import io.agentledger.api.quota.QuotaCommand.ChangeUserLimits;
import io.agentledger.api.quota.QuotaCommand.RemoveUserLimits;
import io.agentledger.api.quota.QuotaEvent.TenantLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsRemoved;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Limits that were set by the API, which take precedence over the defaults. */
final class LimitOverrides {
  private @Nullable TenantLimits tenant;
  private long tenantVersion;
  private Map<String, UserLimits> users = new HashMap<>();
  private Map<String, Long> userVersions = new HashMap<>();

  /**
   * Returns the user's own limits; else those of the local owner, else the tenant's, else the
   * defaults.
   */
  UserLimits limitsOf(UserId user, DefaultLimits defaultLimits) {
    var overrides = users.get(user.value());
    if (overrides != null) return defaultLimits.bounded(user, overrides);
    return user.equals(defaultLimits.ownerId())
        ? defaultLimits.ownerLimits()
        : tenant(defaultLimits).perUser();
  }

  MonthlyBudget budget(DefaultLimits defaultLimits) {
    return tenant(defaultLimits).budget();
  }

  private TenantLimits tenant(DefaultLimits defaultLimits) {
    var limits = tenant == null ? defaultLimits.tenantLimits() : tenant;
    return limits.atMost(defaultLimits.ceiling());
  }

  /** Returns the event of the change; empty if the limits are the same already. */
  Optional<TenantLimitsChanged> change(ChangeTenantLimits command) {
    if (command.limits().equals(tenant)) return Optional.empty();
    requireCurrentVersion("quota", command.version(), version());
    return Optional.of(new TenantLimitsChanged(command.quotaId(), command.limits(), version() + 1));
  }

  Optional<UserLimitsChanged> change(ChangeUserLimits command) {
    var user = command.userId();
    if (command.limits().equals(users.get(user.value()))) return Optional.empty();
    requireCurrentVersion("user_quota", command.version(), version(user));
    return Optional.of(
        new UserLimitsChanged(command.quotaId(), user, command.limits(), version(user) + 1));
  }

  Optional<UserLimitsRemoved> remove(RemoveUserLimits command) {
    var user = command.userId();
    if (!users.containsKey(user.value())) return Optional.empty();
    requireCurrentVersion("user_quota", command.version(), version(user));
    return Optional.of(new UserLimitsRemoved(command.quotaId(), user, version(user) + 1));
  }

  private static void requireCurrentVersion(String resource, long version, long currentVersion) {
    if (version != currentVersion)
      throw new RejectionException(new VersionConflict(resource, currentVersion));
  }

  /** Returns the number of changes. */
  long version() {
    return tenantVersion;
  }

  long version(UserId user) {
    return userVersions.getOrDefault(user.value(), 0L);
  }

  void on(TenantLimitsChanged event) {
    tenant = event.limits();
    tenantVersion = event.version();
  }

  void on(UserLimitsChanged event) {
    users.put(event.userId().value(), event.limits());
    userVersions.put(event.userId().value(), event.version());
  }

  void on(UserLimitsRemoved event) {
    users.remove(event.userId().value());
    userVersions.put(event.userId().value(), event.version());
  }
}
