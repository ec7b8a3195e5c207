package io.agentledger.api.vault;

import io.agentledger.api.audit.ShownInAudit;

/** Reference to a secret, whose value is opened only when it is used. */
public record SecretRef(VaultId vaultId, @ShownInAudit String name) {}
