/** Projections: read models that are built from events and can be replayed at any time. */
@NullMarked
package io.agentledger.projection;

import org.jspecify.annotations.NullMarked;
