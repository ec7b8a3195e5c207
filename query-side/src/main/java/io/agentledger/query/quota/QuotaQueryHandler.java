package io.agentledger.query.quota;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.QuotaQuery.FindLimits;
import io.agentledger.api.quota.QuotaQuery.FindMyQuota;
import io.agentledger.api.quota.QuotaQuery.FindTenantQuota;
import io.agentledger.api.quota.QuotaQuery.FindUsage;
import io.agentledger.api.quota.QuotaQuery.FindUserQuota;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.quota.TenantQuotaView;
import io.agentledger.api.quota.UsageView;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.quota.UserQuotaView;
import io.agentledger.projection.quota.QuotaRepositories;
import io.agentledger.projection.quota.TenantLimitsRow;
import io.agentledger.projection.quota.UserLimitsRow;
import io.agentledger.projection.support.ProjectionCommitSignal;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.ReadModelAccess;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.axonframework.queryhandling.QueryHandler;

/**
 * Handles queries about limits, from the read models and, where no limits are set, from the
 * service's settings.
 */
class QuotaQueryHandler {
  private static final String GROUP = "quota";
  private static final String EXECUTIONS = "task";

  private final QuotaRepositories quotaRepositories;
  private final UsageReader usage;
  private final DefaultLimits defaultLimits;
  private final ReadModelAccess readModelAccess;
  private final ProjectionFreshness freshness;

  QuotaQueryHandler(
      QuotaRepositories quotaRepositories,
      UsageReader usage,
      DefaultLimits defaultLimits,
      ReadModelAccess readModelAccess,
      ProjectionFreshness freshness) {
    this.quotaRepositories = quotaRepositories;
    this.usage = usage;
    this.defaultLimits = defaultLimits;
    this.readModelAccess = readModelAccess;
    this.freshness = freshness;
  }

  @QueryHandler
  TenantQuotaView find(FindTenantQuota query) {
    await(query.version(), () -> version(tenant(query.tenant()), TenantLimitsRow::version));
    var row = tenant(query.tenant());
    return new TenantQuotaView(
        effectiveLimits(row), row.isPresent(), version(row, TenantLimitsRow::version));
  }

  @QueryHandler
  UserQuotaView find(FindUserQuota query) {
    await(
        query.version(),
        () -> version(user(query.tenant(), query.userId()), UserLimitsRow::version));
    return read(query.tenant(), query.userId());
  }

  @QueryHandler
  UserQuotaView find(FindMyQuota query, Caller caller) {
    return read(query.tenant(), caller.user());
  }

  @QueryHandler
  UserLimits find(FindLimits query) {
    return read(query.tenant(), query.userId()).limits();
  }

  @QueryHandler
  UsageView find(FindUsage query, Caller caller) {
    freshness.await(GROUP);
    freshness.await(EXECUTIONS);
    boolean all = caller.has(Scope.SESSIONS_READ_ALL);
    return usage.read(query.tenant(), all ? Optional.empty() : Optional.of(caller.user()));
  }

  private UserQuotaView read(TenantId tenant, UserId user) {
    var row = user(tenant, user);
    var overrides =
        row.map(UserLimitsRow::limits).map(limits -> defaultLimits.bounded(user, limits));
    return new UserQuotaView(
        user,
        overrides.orElseGet(() -> effectiveLimits(tenant, user)),
        overrides.isPresent(),
        version(row, UserLimitsRow::version));
  }

  private UserLimits effectiveLimits(TenantId tenant, UserId user) {
    return user.equals(defaultLimits.ownerId())
        ? defaultLimits.ownerLimits()
        : effectiveLimits(tenant(tenant)).perUser();
  }

  private TenantLimits effectiveLimits(Optional<TenantLimitsRow> row) {
    return row.map(TenantLimitsRow::limits)
        .orElse(defaultLimits.tenantLimits())
        .atMost(defaultLimits.ceiling());
  }

  private Optional<TenantLimitsRow> tenant(TenantId tenant) {
    return quotaRepositories.tenants().findById(tenant.value());
  }

  private Optional<UserLimitsRow> user(TenantId tenant, UserId user) {
    var id = UserLimitsRow.idOf(tenant.value(), user.value());
    return quotaRepositories.users().findById(id);
  }

  private static <R> long version(Optional<R> row, java.util.function.ToLongFunction<R> version) {
    return row.map(version::applyAsLong).orElse(0L);
  }

  private void await(long requiredVersion, LongSupplier version) {
    if (version.getAsLong() < requiredVersion)
      readModelAccess
          .commitSignal()
          .await(
              GROUP, () -> version.getAsLong() >= requiredVersion, ProjectionCommitSignal.TIMEOUT);
  }
}
