/** Limits of connections and requests before any controller: number, time, form and origin. */
@NullMarked
package io.agentledger.gateway.support.edge;

import org.jspecify.annotations.NullMarked;
