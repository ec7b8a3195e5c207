package io.agentledger.api.vault;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of a vault. They name secrets by name and version and contain no value. */
public sealed interface VaultEvent {
  VaultId vaultId();

  @Revision("1")
  @StableName("VaultCreated")
  record VaultCreated(VaultId vaultId, UserId ownerId, String name) implements VaultEvent {}

  @Revision("1")
  @StableName("VaultRenamed")
  record VaultRenamed(VaultId vaultId, String name) implements VaultEvent {}

  /** Its secrets are destroyed with it; nothing can be put into it any more. */
  @Revision("1")
  @StableName("VaultArchived")
  record VaultArchived(VaultId vaultId) implements VaultEvent {}

  /**
   * A secret has a new value; the one before it is destroyed.
   *
   * @param version from 1; a name that was removed and comes back goes on counting
   * @param target what it is for, never a secret: a server's address, a variable's name
   */
  @Revision("1")
  @StableName("SecretPut")
  record SecretPut(VaultId vaultId, String name, long version, SecretType type, String target)
      implements VaultEvent {}

  /** The secret is destroyed. */
  @Revision("1")
  @StableName("SecretRemoved")
  record SecretRemoved(VaultId vaultId, String name, long version) implements VaultEvent {}
}
