/** Queries about the health of the service, its projections and statistics. */
@NullMarked
package io.agentledger.query.ops;

import org.jspecify.annotations.NullMarked;
