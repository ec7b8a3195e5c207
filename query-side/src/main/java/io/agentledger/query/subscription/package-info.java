/** Queries about subscriptions and the log of their deliveries. */
@NullMarked
package io.agentledger.query.subscription;

import org.jspecify.annotations.NullMarked;
