/** Channels: accounts at messaging platforms, and chats with contacts in them. */
@NullMarked
package io.agentledger.command.channel;

import org.jspecify.annotations.NullMarked;
