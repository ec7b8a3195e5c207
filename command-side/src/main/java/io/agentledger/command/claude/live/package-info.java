/** Publishes what streams and is not recorded. */
@NullMarked
package io.agentledger.command.claude.live;

import org.jspecify.annotations.NullMarked;
