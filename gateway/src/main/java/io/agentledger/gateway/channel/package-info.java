/** Channels and chats with contacts: REST endpoints and RSocket routes. */
@NullMarked
package io.agentledger.gateway.channel;

import org.jspecify.annotations.NullMarked;
