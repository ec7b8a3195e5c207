/** Usage and cost of each exchange with a model, stored before its last bytes are forwarded. */
@NullMarked
package io.agentledger.command.model.usage;

import org.jspecify.annotations.NullMarked;
