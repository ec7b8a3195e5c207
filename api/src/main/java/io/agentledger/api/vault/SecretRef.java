package io.agentledger.api.vault;

/** Reference to a secret, whose value is opened only when it is used. */
public record SecretRef(VaultId vaultId, String name) {}
