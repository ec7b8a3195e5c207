/** Tickets: what stands for a credential once, where that cannot be sent. */
@NullMarked
package io.agentledger.command.identity.ticket;

import org.jspecify.annotations.NullMarked;
