/** What reaches the doors from strangers: bytes, floods, tricks. */
@NullMarked
package io.agentledger.gateway.edge;

import org.jspecify.annotations.NullMarked;
