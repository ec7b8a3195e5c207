/** Clients of channels and of chats with contacts. */
@NullMarked
package io.agentledger.client.channel;

import org.jspecify.annotations.NullMarked;
