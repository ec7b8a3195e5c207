package io.agentledger.api.session.query;

import io.agentledger.api.session.AccessLevel;
import io.agentledger.api.session.Audience;
import java.time.Instant;

/** One share of a session. */
public record ShareView(Audience audience, AccessLevel access, Instant sharedAt) {}
