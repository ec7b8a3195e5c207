/** The projections themselves: how far they are, filling them again, their dead letters. */
@NullMarked
package io.agentledger.projection.ops;

import org.jspecify.annotations.NullMarked;
