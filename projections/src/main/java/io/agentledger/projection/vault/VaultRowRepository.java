package io.agentledger.projection.vault;

import io.agentledger.projection.support.ConfigurationRepository;

/** Repository of vaults. */
public interface VaultRowRepository extends ConfigurationRepository<VaultRow> {}
