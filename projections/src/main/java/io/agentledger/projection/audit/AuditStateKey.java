package io.agentledger.projection.audit;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Primary key of the last state of a configuration or of one of its parts. */
@Embeddable
record AuditStateKey(String resourceId, String part) implements Serializable {}
