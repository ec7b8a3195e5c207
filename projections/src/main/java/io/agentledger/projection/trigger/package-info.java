/** Read models of triggers and their deliveries. */
@NullMarked
package io.agentledger.projection.trigger;

import org.jspecify.annotations.NullMarked;
