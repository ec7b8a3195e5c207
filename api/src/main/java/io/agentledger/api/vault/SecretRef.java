package io.agentledger.api.vault;

/** Where a secret lies: its value is opened when it is used, and nowhere else. */
public record SecretRef(VaultId vaultId, String name) {}
