/** Client of the chat with Brain. */
@NullMarked
package io.agentledger.client.chat;

import org.jspecify.annotations.NullMarked;
