/** What each exchange with a model used and cost, written down before its last bytes go on. */
@NullMarked
package io.agentledger.command.model.usage;

import org.jspecify.annotations.NullMarked;
