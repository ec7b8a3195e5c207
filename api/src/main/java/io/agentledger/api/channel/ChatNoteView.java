package io.agentledger.api.channel;

import io.agentledger.api.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Note about a chat, which the contact does not see. The reason of an escalation is one, too.
 *
 * @param by author; null for the agent, and for the service
 */
public record ChatNoteView(ChatNoteId id, @Nullable UserId by, String text, Instant at) {}
