package io.agentledger.projection.quota;

/** The read models of quotas. */
public record QuotaRepositories(
    TenantLimitsRowRepository tenants,
    UserLimitsRowRepository users,
    ReservationRowRepository reservations,
    MonthlySpendingRowRepository monthlySpending,
    StorageUsageRowRepository storageUsage) {}
