package io.agentledger.projection.session.transcript;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Primary key of a tool call of a session. */
@Embeddable
public record ToolCallKey(String sessionId, String toolCallId) implements Serializable {}
