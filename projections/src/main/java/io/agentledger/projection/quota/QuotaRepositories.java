package io.agentledger.projection.quota;

/** Repositories of the read models of quotas. */
public record QuotaRepositories(
    TenantLimitsRowRepository tenants,
    UserLimitsRowRepository users,
    ReservationRowRepository reservations,
    MonthlySpendingRowRepository monthlySpending,
    StorageUsageRowRepository storageUsage) {}
