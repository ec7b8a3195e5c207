package io.agentledger.api.session;

import java.time.Instant;

/** One share of a session. */
public record ShareView(Audience audience, Access access, Instant since) {}
