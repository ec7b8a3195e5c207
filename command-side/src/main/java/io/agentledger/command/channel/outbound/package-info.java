/** Sends messages of chats to their contacts, in order and never twice. */
@NullMarked
package io.agentledger.command.channel.outbound;

import org.jspecify.annotations.NullMarked;
