/** Read models of environments: their versions, and the default of each tenant. */
@NullMarked
package io.agentledger.projection.environment;

import org.jspecify.annotations.NullMarked;
