package io.agentledger.api.channel;

import io.agentledger.api.identity.UserId;
import java.time.Instant;

/** Note about a chat, which the contact does not see. */
public record ChatNoteView(ChatNoteId id, UserId by, String text, Instant at) {}
