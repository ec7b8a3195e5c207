/** How the service and its projections are, and what was done with it. */
@NullMarked
package io.agentledger.query.ops;

import org.jspecify.annotations.NullMarked;
