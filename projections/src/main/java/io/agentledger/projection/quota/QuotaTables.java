package io.agentledger.projection.quota;

/** The read models of quotas. */
public record QuotaTables(
    TenantLimitsRows tenants,
    UserLimitsRows users,
    Reservations reservations,
    Months months,
    Storages storages) {}
