/** Costs over REST. */
@NullMarked
package io.agentledger.gateway.cost;

import org.jspecify.annotations.NullMarked;
