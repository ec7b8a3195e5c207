/** Status and health of the node, and endpoints for operators. */
@NullMarked
package io.agentledger.gateway.ops;

import org.jspecify.annotations.NullMarked;
