package io.agentledger.api.vault;

import io.agentledger.api.identity.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * The way to what vaults hold, for the deciding side only: who talks to a server for an agent opens
 * a secret here when it is needed, and keeps it no longer. Blocks on the database. No door and no
 * query may have it; the house's rules see to that.
 */
public interface SecretReader {
  /** The secret's present value; empty when there is none of that name for that tenant. */
  Optional<SecretValue> open(TenantId tenant, VaultId vault, String name);

  /** The same with its version; for who may renew it. */
  Optional<VersionedSecret> openVersioned(TenantId tenant, VaultId vault, String name);

  /**
   * A secret that lies in a vault.
   *
   * @param version from 1; each value of a name has its own
   */
  record VersionedSecret(long version, SecretValue value) {}

  /** Those that are not vaults of the tenant, or are archived. */
  List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults);
}
