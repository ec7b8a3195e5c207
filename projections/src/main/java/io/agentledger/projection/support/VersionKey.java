package io.agentledger.projection.support;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/**
 * Primary key of a version.
 *
 * @param id id of the configuration object
 * @param sequence number of the event that created the version
 */
@Embeddable
public record VersionKey(String id, long sequence) implements Serializable {}
