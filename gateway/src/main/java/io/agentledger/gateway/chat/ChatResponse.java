package io.agentledger.gateway.chat;

import io.agentledger.api.session.query.SessionView;
import org.jspecify.annotations.Nullable;

/**
 * Chat of the caller.
 *
 * @param session session of the next message; null if the next message opens one
 */
record ChatResponse(@Nullable SessionView session) {}
