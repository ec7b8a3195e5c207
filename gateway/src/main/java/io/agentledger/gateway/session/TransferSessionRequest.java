package io.agentledger.gateway.session;

import io.agentledger.api.identity.UserId;
import jakarta.validation.constraints.NotNull;

/** New owner of a session. */
record TransferSessionRequest(@NotNull UserId userId) {}
