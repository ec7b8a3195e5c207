/** Walks every way into the house as everybody who has no business there. */
@NullMarked
package io.agentledger.gateway.walk;

import org.jspecify.annotations.NullMarked;
