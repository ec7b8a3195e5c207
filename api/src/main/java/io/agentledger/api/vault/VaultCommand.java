package io.agentledger.api.vault;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for vaults. */
@StableName("vault")
public sealed interface VaultCommand {
  /** How many secrets a vault holds. */
  int SECRETS_MAX = 100;

  /** How many bytes a secret may have, all its parts together, as JSON. */
  int SECRET_BYTES_MAX = 16 * 1024;

  @TargetAggregateIdentifier
  VaultId vaultId();

  /**
   * Answered with the {@link VaultId}, or with the first one's when repeated.
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

  /** Destroys its secrets, for good. Twice is once. */
  @RequiresScope(Scope.VAULTS_WRITE)
  @StableName("ArchiveVault")
  record ArchiveVault(VaultId vaultId) implements VaultCommand {}

  /**
   * Answered with the version.
   *
   * @param name [a-zA-Z0-9._-], at most 64 characters
   */
  @RequiresScope(Scope.VAULTS_WRITE)
  @StableName("PutSecret")
  record PutSecret(VaultId vaultId, String name, SecretValue value) implements VaultCommand {}

  /** One that is not there is not found. */
  @RequiresScope(Scope.VAULTS_WRITE)
  @StableName("RemoveSecret")
  record RemoveSecret(VaultId vaultId, String name) implements VaultCommand {}

  /**
   * Replaces a token by a renewed one; does nothing if somebody has put another one in since.
   *
   * @param version of the value that it replaces
   */
  @InternalOnly
  @StableName("RenewSecret")
  record RenewSecret(VaultId vaultId, String name, long version, SecretValue value)
      implements VaultCommand {}
}
