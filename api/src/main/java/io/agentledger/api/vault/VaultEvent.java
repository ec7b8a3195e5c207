package io.agentledger.api.vault;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.audit.ShownInAudit.Extent;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of a vault. They refer to secrets by name and version and contain no value. */
public sealed interface VaultEvent {
  VaultId vaultId();

  /** The vault was created. */
  @Revision("1")
  @StableName("VaultCreated")
  record VaultCreated(VaultId vaultId, UserId ownerId, @ShownInAudit String name)
      implements VaultEvent {}

  /** The vault was renamed. */
  @Revision("1")
  @StableName("VaultRenamed")
  record VaultRenamed(VaultId vaultId, @ShownInAudit String name) implements VaultEvent {}

  /** The vault was archived and its secrets destroyed; it accepts no secrets any more. */
  @Revision("1")
  @StableName("VaultArchived")
  record VaultArchived(VaultId vaultId) implements VaultEvent {}

  /**
   * A secret has a new value; the previous one was destroyed.
   *
   * @param version from 1; continues if a removed name is used again
   * @param target not secret: a server's address, a variable's name
   */
  @Revision("1")
  @StableName("SecretPut")
  record SecretPut(
      VaultId vaultId,
      @ShownInAudit String name,
      long version,
      SecretType type,
      @ShownInAudit(Extent.ORIGIN) String target)
      implements VaultEvent {}

  /** The secret was destroyed. */
  @Revision("1")
  @StableName("SecretRemoved")
  record SecretRemoved(VaultId vaultId, @ShownInAudit String name, long version)
      implements VaultEvent {}
}
