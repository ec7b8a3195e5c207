package io.agentledger.api.vault;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.ConfigurationListQuery;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;

/** Queries about vaults; no answer contains a secret's value. */
public sealed interface VaultQuery extends TenantScoped {
  /** Lists vaults, newest first; returns a page of {@link VaultView}. */
  @RequiresScope(Scope.VAULTS_READ)
  @StableName("ListVaults")
  record ListVaults(TenantId tenant, boolean includeArchived, PageRequest page)
      implements VaultQuery, ConfigurationListQuery {}

  /** Returns a {@link VaultView}. */
  @RequiresScope(Scope.VAULTS_READ)
  @StableName("FindVault")
  record FindVault(TenantId tenant, VaultId vaultId) implements VaultQuery {}

  /** Lists the secrets of a vault by name; returns a page of {@link SecretView}. */
  @RequiresScope(Scope.VAULTS_READ)
  @StableName("ListSecrets")
  record ListSecrets(TenantId tenant, VaultId vaultId, PageRequest page) implements VaultQuery {}

  /** Returns a {@link SecretView}. */
  @RequiresScope(Scope.VAULTS_READ)
  @StableName("FindSecret")
  record FindSecret(TenantId tenant, VaultId vaultId, String name) implements VaultQuery {}
}
