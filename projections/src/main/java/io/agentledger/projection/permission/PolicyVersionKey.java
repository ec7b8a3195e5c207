package io.agentledger.projection.permission;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Which fact of which policy. */
@Embeddable
public record PolicyVersionKey(String policyId, long sequence) implements Serializable {}
