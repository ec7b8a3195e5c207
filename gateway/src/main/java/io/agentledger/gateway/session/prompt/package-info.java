/** Sends prompts to the agent as queries, and streams or awaits their results. */
@NullMarked
package io.agentledger.gateway.session.prompt;

import org.jspecify.annotations.NullMarked;
