/** Read models of channels and of chats with contacts. */
@NullMarked
package io.agentledger.projection.channel;

import org.jspecify.annotations.NullMarked;
