/** Tests of what the service shows of itself. */
@NullMarked
package io.agentledger.gateway.ops;

import org.jspecify.annotations.NullMarked;
