/** What tenants and their people may use: limits, reservations, what is spent. */
@NullMarked
package io.agentledger.api.quota;

import org.jspecify.annotations.NullMarked;
