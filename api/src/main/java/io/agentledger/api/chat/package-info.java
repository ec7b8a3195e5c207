/** Chats: one conversation of each user with the tenant's agent Brain. */
@NullMarked
package io.agentledger.api.chat;

import org.jspecify.annotations.NullMarked;
