/** Query handlers for channels and chats with contacts. */
@NullMarked
package io.agentledger.query.channel;

import org.jspecify.annotations.NullMarked;
