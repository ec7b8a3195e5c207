package io.agentledger.projection.permission;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Primary key of a version of a policy. */
@Embeddable
public record PolicyVersionKey(String policyId, long sequence) implements Serializable {}
