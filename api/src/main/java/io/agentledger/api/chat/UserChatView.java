package io.agentledger.api.chat;

import io.agentledger.api.session.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * Chat of a user.
 *
 * @param sessionId its last session, which may have ended; null before the first message
 */
public record UserChatView(@Nullable SessionId sessionId) {}
