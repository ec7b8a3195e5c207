/** A session's event stream, transcript, runs and metrics. */
@NullMarked
package io.agentledger.gateway.session.events;

import org.jspecify.annotations.NullMarked;
