/** The RSocket server, its limits and its metrics. */
@NullMarked
package io.agentledger.gateway.support.rsocket;

import org.jspecify.annotations.NullMarked;
