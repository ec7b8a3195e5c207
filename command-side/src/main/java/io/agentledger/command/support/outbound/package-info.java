/** The one way out to addresses that users name: checked before, at, and after each connection. */
@NullMarked
package io.agentledger.command.support.outbound;

import org.jspecify.annotations.NullMarked;
