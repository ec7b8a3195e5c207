/** One-time tickets, which replace a credential where it cannot be sent. */
@NullMarked
package io.agentledger.command.identity.ticket;

import org.jspecify.annotations.NullMarked;
