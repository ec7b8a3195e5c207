package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;

/** User and session that use a resource. */
public record QuotaSubject(SessionId sessionId, UserId userId) {}
