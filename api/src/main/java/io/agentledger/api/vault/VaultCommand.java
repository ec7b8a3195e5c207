package io.agentledger.api.vault;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for vaults. */
@StableName("vault")
public sealed interface VaultCommand extends ApiCommand {
  /** Maximum number of secrets of a vault. */
  int SECRETS_MAX = 100;

  /** Maximum size of a secret as JSON, all its parts together, in bytes. */
  int SECRET_BYTES_MAX = 16 * 1024;

  @TargetAggregateIdentifier
  VaultId vaultId();

  /**
   * Creates a vault and returns its {@link VaultId}; a repeated command returns the id of the first
   * one.
   *
   * @param name at most 255 characters
   */
  @RequiresScope(Scope.VAULTS_WRITE)
  @StableName("CreateVault")
  record CreateVault(
      VaultId vaultId, UserId ownerId, String name, @Nullable Idempotency idempotency)
      implements VaultCommand, Idempotent {}

  /** Renames a vault; does nothing if it has that name already. */
  @RequiresScope(Scope.VAULTS_WRITE)
  @StableName("RenameVault")
  record RenameVault(VaultId vaultId, String name) implements VaultCommand {}

  /** Archives the vault and destroys its secrets permanently. Idempotent. */
  @RequiresScope(Scope.VAULTS_WRITE)
  @StableName("ArchiveVault")
  record ArchiveVault(VaultId vaultId) implements VaultCommand {}

  /**
   * Sets the value of a secret and returns its version.
   *
   * @param name [a-zA-Z0-9._-], at most 64 characters
   */
  @RequiresScope(Scope.VAULTS_WRITE)
  @StableName("PutSecret")
  record PutSecret(VaultId vaultId, String name, SecretValue value) implements VaultCommand {}

  /** Removes a secret; rejected as not found if it does not exist. */
  @RequiresScope(Scope.VAULTS_WRITE)
  @StableName("RemoveSecret")
  record RemoveSecret(VaultId vaultId, String name) implements VaultCommand {}

  /**
   * Replaces a token by a renewed one; does nothing if another value was set in the meantime.
   *
   * @param version version of the replaced value
   */
  @InternalOnly
  @StableName("RenewSecret")
  record RenewSecret(VaultId vaultId, String name, long version, SecretValue value)
      implements VaultCommand {}
}
