/** Client of subscriptions and their deliveries. */
@NullMarked
package io.agentledger.client.subscription;

import org.jspecify.annotations.NullMarked;
