/** Client of flows. */
@NullMarked
package io.agentledger.client.flow;

import org.jspecify.annotations.NullMarked;
