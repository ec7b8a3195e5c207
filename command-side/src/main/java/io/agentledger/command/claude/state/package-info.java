/** The state of a session, folded from its events, as its processes need it. */
@NullMarked
package io.agentledger.command.claude.state;

import org.jspecify.annotations.NullMarked;
