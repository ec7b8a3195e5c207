/** Queries about triggers and their deliveries. */
@NullMarked
package io.agentledger.query.trigger;

import org.jspecify.annotations.NullMarked;
