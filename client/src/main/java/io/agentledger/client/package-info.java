/** Java client of Agentledger's public HTTP API; {@link AgentledgerClient} is the entry point. */
@NullMarked
package io.agentledger.client;

import org.jspecify.annotations.NullMarked;
