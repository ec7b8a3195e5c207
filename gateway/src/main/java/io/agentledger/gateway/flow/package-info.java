/** Routes of flows and of identities at providers. */
@NullMarked
package io.agentledger.gateway.flow;

import org.jspecify.annotations.NullMarked;
