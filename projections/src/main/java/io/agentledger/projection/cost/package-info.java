/** Usage and costs by run and by day. */
@NullMarked
package io.agentledger.projection.cost;

import org.jspecify.annotations.NullMarked;
