/** Side requests to a session, its capabilities and its context usage. */
@NullMarked
package io.agentledger.gateway.session.siderequest;

import org.jspecify.annotations.NullMarked;
