/** Read models of flows and of identities at providers. */
@NullMarked
package io.agentledger.projection.flow;

import org.jspecify.annotations.NullMarked;
