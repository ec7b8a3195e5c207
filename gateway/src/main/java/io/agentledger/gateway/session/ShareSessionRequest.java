package io.agentledger.gateway.session;

import io.agentledger.api.session.AccessLevel;
import jakarta.validation.constraints.NotNull;

/** Access that a share grants. */
record ShareSessionRequest(@NotNull AccessLevel access) {}
