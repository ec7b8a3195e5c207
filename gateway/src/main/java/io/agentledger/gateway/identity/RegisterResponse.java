package io.agentledger.gateway.identity;

import io.agentledger.api.identity.UserId;

/** Id of a registered user. */
record RegisterResponse(UserId userId) {}
