/** Tests with input from anonymous and hostile clients. */
@NullMarked
package io.agentledger.gateway.edge;

import org.jspecify.annotations.NullMarked;
