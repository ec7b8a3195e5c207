package io.agentledger.gateway.identity;

import io.agentledger.api.identity.CredentialId;

/** A signing key. */
record RotateSigningKeyResponse(CredentialId keyId) {}
