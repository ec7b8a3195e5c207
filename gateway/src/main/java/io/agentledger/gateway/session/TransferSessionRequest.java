package io.agentledger.gateway.session;

import io.agentledger.api.identity.UserId;
import jakarta.validation.constraints.NotNull;

/** Whose the session shall be. */
record TransferSessionRequest(@NotNull UserId userId) {}
