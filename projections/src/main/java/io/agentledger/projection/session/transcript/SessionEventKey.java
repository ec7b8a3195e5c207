package io.agentledger.projection.session.transcript;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/**
 * Primary key of a row that is derived from one event.
 *
 * @param sequence sequence of the event in its session, from 1
 */
@Embeddable
public record SessionEventKey(String sessionId, long sequence) implements Serializable {}
