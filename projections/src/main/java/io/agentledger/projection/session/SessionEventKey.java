package io.agentledger.projection.session;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/**
 * Names a row by the fact that it comes from.
 *
 * @param sequence of the fact in its session, from 1
 */
@Embeddable
public record SessionEventKey(String sessionId, long sequence) implements Serializable {}
