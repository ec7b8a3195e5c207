package io.agentledger.api.quota;

/**
 * What a tenant may use.
 *
 * @param budget of all its people together
 * @param perUser what everybody may who has no limits of their own
 */
public record TenantLimits(MonthlyBudget budget, UserLimits perUser) {}
