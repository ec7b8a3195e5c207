package io.agentledger.projection.session;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Names one tool call of one session. */
@Embeddable
public record ToolCallKey(String sessionId, String toolCallId) implements Serializable {}
