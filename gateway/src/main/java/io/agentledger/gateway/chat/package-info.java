/** Chats of users with Brain: REST endpoints and tools. */
@NullMarked
package io.agentledger.gateway.chat;

import org.jspecify.annotations.NullMarked;
