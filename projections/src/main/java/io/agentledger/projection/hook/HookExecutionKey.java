package io.agentledger.projection.hook;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Which fact of which session. */
@Embeddable
public record HookExecutionKey(String sessionId, long sequence) implements Serializable {}
