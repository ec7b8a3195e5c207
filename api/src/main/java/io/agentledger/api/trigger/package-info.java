/** Messages of triggers, which receive webhooks, and of their deliveries. */
@NullMarked
package io.agentledger.api.trigger;

import org.jspecify.annotations.NullMarked;
