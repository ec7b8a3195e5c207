package io.agentledger.gateway.identity;

import io.agentledger.api.identity.UserId;

/** Who has joined. */
record RegisterResponse(UserId userId) {}
