/** Shared parts of projections: sealed columns, dead letters, commit signals. */
@NullMarked
package io.agentledger.projection.support;

import org.jspecify.annotations.NullMarked;
