/** Usage and costs of runs. */
@NullMarked
package io.agentledger.api.cost;

import org.jspecify.annotations.NullMarked;
