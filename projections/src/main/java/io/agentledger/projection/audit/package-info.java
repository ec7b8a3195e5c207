/** The access audit: one row for everything that somebody did or was refused. */
@NullMarked
package io.agentledger.projection.audit;

import org.jspecify.annotations.NullMarked;
