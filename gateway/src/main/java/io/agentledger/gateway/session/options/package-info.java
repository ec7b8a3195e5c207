/** Options of sessions and runs in requests. */
@NullMarked
package io.agentledger.gateway.session.options;

import org.jspecify.annotations.NullMarked;
