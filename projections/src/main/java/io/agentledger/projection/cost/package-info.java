/** Remembers what was used and paid, by run and by day. */
@NullMarked
package io.agentledger.projection.cost;

import org.jspecify.annotations.NullMarked;
