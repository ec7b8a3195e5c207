/** Input from anonymous and hostile clients: bytes, floods, tricks. */
@NullMarked
package io.agentledger.gateway.edge;

import org.jspecify.annotations.NullMarked;
