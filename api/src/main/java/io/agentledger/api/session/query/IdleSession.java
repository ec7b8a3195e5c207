package io.agentledger.api.session.query;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;

/**
 * A session without activity.
 *
 * @param sequence sequence of its last event
 */
public record IdleSession(TenantId tenant, SessionId sessionId, long sequence) {}
