package io.agentledger.projection.support;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/**
 * Primary key of a version.
 *
 * @param id of the thing that it is a version of
 * @param sequence number of the event that made it
 */
@Embeddable
public record VersionKey(String id, long sequence) implements Serializable {}
