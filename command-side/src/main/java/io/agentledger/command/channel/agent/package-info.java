/** Calls agents in chats with contacts: one call for the messages of a burst. */
@NullMarked
package io.agentledger.command.channel.agent;

import org.jspecify.annotations.NullMarked;
