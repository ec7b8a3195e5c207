/** Read models of agents and their versions. */
@NullMarked
package io.agentledger.projection.agent;

import org.jspecify.annotations.NullMarked;
