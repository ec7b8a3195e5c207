/** Subscriptions: outbound webhooks that deliver events to a URL of their owner. */
@NullMarked
package io.agentledger.api.subscription;

import org.jspecify.annotations.NullMarked;
