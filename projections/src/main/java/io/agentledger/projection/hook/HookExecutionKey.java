package io.agentledger.projection.hook;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Primary key of a hook execution. */
@Embeddable
public record HookExecutionKey(String sessionId, long sequence) implements Serializable {}
