/** Chats: the session of each user's conversation with Brain. */
@NullMarked
package io.agentledger.command.chat;

import org.jspecify.annotations.NullMarked;
