/** Query handlers for chats. */
@NullMarked
package io.agentledger.query.chat;

import org.jspecify.annotations.NullMarked;
