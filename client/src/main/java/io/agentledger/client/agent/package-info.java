/** Client of agents. */
@NullMarked
package io.agentledger.client.agent;

import org.jspecify.annotations.NullMarked;
