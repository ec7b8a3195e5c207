package io.agentledger.api.session;

import io.agentledger.api.identity.TenantId;

/**
 * A session that rests.
 *
 * @param sequence of its last fact
 */
public record IdleSession(TenantId tenant, SessionId sessionId, long sequence) {}
