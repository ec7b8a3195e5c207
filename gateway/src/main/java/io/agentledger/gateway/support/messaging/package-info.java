/** Reactive access to Axon's command and query gateways. */
@NullMarked
package io.agentledger.gateway.support.messaging;

import org.jspecify.annotations.NullMarked;
