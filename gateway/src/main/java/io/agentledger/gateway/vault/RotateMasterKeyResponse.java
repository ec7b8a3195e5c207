package io.agentledger.gateway.vault;

import io.agentledger.api.vault.MasterKeyId;

/** The key that shall wrap from now on. */
record RotateMasterKeyResponse(MasterKeyId id) {}
