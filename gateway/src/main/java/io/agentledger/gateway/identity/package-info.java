/** Nobody comes in unknown: keys on HTTP and RSocket become callers. */
@NullMarked
package io.agentledger.gateway.identity;

import org.jspecify.annotations.NullMarked;
