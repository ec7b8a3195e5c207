/** How the node is, and what operators wish of projections. */
@NullMarked
package io.agentledger.gateway.ops;

import org.jspecify.annotations.NullMarked;
