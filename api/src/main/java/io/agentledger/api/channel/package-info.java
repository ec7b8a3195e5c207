/** Channels of messaging platforms, and chats with contacts. */
@NullMarked
package io.agentledger.api.channel;

import org.jspecify.annotations.NullMarked;
