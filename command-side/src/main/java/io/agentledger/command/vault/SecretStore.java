package io.agentledger.command.vault;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;

/**
 * Store of the sealed values of secrets. It takes part in the caller's transaction: there is never
 * an event without its value, nor a value without its event.
 */
interface SecretStore {
  void create(TenantId tenant, VaultId vault);

  /** Stores a value; replaces the previous version. */
  void put(VaultId vault, String name, long version, SecretValue value);

  void remove(VaultId vault, String name);

  /** Deletes all values of the vault. */
  void eraseVault(VaultId vault);
}
