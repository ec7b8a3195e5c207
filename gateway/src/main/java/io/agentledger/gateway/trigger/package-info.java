/** Routes for triggers and the webhooks that they receive. */
@NullMarked
package io.agentledger.gateway.trigger;

import org.jspecify.annotations.NullMarked;
