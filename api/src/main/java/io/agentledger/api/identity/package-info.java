/** Tenants, people and what they act with. */
@NullMarked
package io.agentledger.api.identity;

import org.jspecify.annotations.NullMarked;
