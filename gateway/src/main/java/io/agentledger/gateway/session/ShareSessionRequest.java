package io.agentledger.gateway.session;

import io.agentledger.api.session.AccessLevel;
import jakarta.validation.constraints.NotNull;

/** What a share allows. */
record ShareSessionRequest(@NotNull AccessLevel access) {}
