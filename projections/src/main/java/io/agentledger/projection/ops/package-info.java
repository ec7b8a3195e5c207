/** Operation of the projections: progress, replays, dead letters. */
@NullMarked
package io.agentledger.projection.ops;

import org.jspecify.annotations.NullMarked;
