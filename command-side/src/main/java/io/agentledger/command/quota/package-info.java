/** Quotas: limits, reservations and budgets of tenants and their users, enforced before use. */
@NullMarked
package io.agentledger.command.quota;

import org.jspecify.annotations.NullMarked;
