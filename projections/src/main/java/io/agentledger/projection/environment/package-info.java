/** Read models of environments: their versions, and which one is the default of a tenant. */
@NullMarked
package io.agentledger.projection.environment;

import org.jspecify.annotations.NullMarked;
