/** Submits queries and streams or awaits their results. */
@NullMarked
package io.agentledger.gateway.session.query;

import org.jspecify.annotations.NullMarked;
