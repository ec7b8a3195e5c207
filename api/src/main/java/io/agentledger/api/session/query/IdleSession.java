package io.agentledger.api.session.query;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;

/**
 * A session that rests.
 *
 * @param sequence of its last fact
 */
public record IdleSession(TenantId tenant, SessionId sessionId, long sequence) {}
