package io.agentledger.gateway.vault;

import io.agentledger.api.vault.MasterKeyId;

/** Id of the next master key. */
record RotateMasterKeyResponse(MasterKeyId id) {}
