/** Options of sessions and runs, as requests carry them. */
@NullMarked
package io.agentledger.gateway.session.options;

import org.jspecify.annotations.NullMarked;
