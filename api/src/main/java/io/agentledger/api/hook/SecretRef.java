package io.agentledger.api.hook;

import io.agentledger.api.vault.VaultId;

/** Where a secret lies: its value is opened when it is used, and nowhere else. */
public record SecretRef(VaultId vault, String name) {}
