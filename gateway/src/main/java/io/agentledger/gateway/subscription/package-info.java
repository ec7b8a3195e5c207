/** REST and RSocket endpoints for subscriptions and their deliveries. */
@NullMarked
package io.agentledger.gateway.subscription;

import org.jspecify.annotations.NullMarked;
