/** Operation of the service: health, projections, nodes. */
@NullMarked
package io.agentledger.api.ops;

import org.jspecify.annotations.NullMarked;
