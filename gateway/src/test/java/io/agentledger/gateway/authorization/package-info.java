/** Calls every route and sends every message as each kind of unauthorized caller. */
@NullMarked
package io.agentledger.gateway.authorization;

import org.jspecify.annotations.NullMarked;
