/** Read model of subscriptions; their deliveries are a log of the command side. */
@NullMarked
package io.agentledger.projection.subscription;

import org.jspecify.annotations.NullMarked;
