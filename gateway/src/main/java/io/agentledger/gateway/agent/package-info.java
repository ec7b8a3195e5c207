/** Agents over REST and RSocket. */
@NullMarked
package io.agentledger.gateway.agent;

import org.jspecify.annotations.NullMarked;
