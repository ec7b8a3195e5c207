package io.agentledger.projection.environment;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Primary key of a version of an environment. */
@Embeddable
public record EnvironmentVersionKey(String environmentId, long sequence) implements Serializable {}
