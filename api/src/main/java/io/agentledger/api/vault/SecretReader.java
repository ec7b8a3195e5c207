package io.agentledger.api.vault;

import io.agentledger.api.identity.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * Access to the values in vaults, for the command side only. A client of an external server opens a
 * secret when it needs it and does not keep it. Blocks on the database. Architecture tests forbid
 * its use in the API and in queries.
 */
public interface SecretReader {
  /** Returns the current value of the secret; empty if the tenant has none of that name. */
  Optional<SecretValue> open(TenantId tenant, VaultId vault, String name);

  /** Returns the current value of the secret with its version, for its renewal. */
  Optional<VersionedSecret> openVersioned(TenantId tenant, VaultId vault, String name);

  /**
   * A secret of a vault.
   *
   * @param version from 1; counted for each name
   */
  record VersionedSecret(long version, SecretValue value) {}

  /** Returns those secrets that the tenant does not have. */
  default List<SecretRef> findMissing(TenantId tenant, List<SecretRef> secrets) {
    return secrets.stream()
        .distinct()
        .filter(secret -> open(tenant, secret.vaultId(), secret.name()).isEmpty())
        .toList();
  }

  /** Returns those ids that are not vaults of the tenant, or are archived. */
  List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults);
}
