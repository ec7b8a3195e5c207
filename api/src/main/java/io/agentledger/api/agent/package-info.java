/** Agents: registered definitions, immutable per version. */
@NullMarked
package io.agentledger.api.agent;

import org.jspecify.annotations.NullMarked;
