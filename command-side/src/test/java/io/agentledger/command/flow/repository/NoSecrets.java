package io.agentledger.command.flow.repository;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.api.vault.VaultId;
import java.util.List;
import java.util.Optional;

/** A vault without secrets: the publisher gives its token to the fetcher. */
final class NoSecrets implements SecretReader {
  @Override
  public Optional<SecretValue> open(TenantId tenant, VaultId vault, String name) {
    return Optional.empty();
  }

  @Override
  public Optional<VersionedSecret> openVersioned(TenantId tenant, VaultId vault, String name) {
    return Optional.empty();
  }

  @Override
  public List<VaultId> findUnusable(TenantId tenant, List<VaultId> vaults) {
    return vaults;
  }
}
