/**
 * The Java client of Agentledger's public HTTP API; {@link AgentledgerClient} is where it begins.
 */
@NullMarked
package io.agentledger.client;

import org.jspecify.annotations.NullMarked;
