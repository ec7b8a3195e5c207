/** Quotas of tenants and users: limits, reservations, spending. */
@NullMarked
package io.agentledger.api.quota;

import org.jspecify.annotations.NullMarked;
