package io.agentledger.api.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;

/** For whom and in which session something is used. */
public record QuotaSubject(SessionId sessionId, UserId userId) {}
