package io.agentledger.projection.environment;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Which fact of which environment. */
@Embeddable
public record EnvironmentVersionKey(String environmentId, long sequence) implements Serializable {}
