package io.agentledger.projection.vault;

import io.agentledger.api.vault.VaultEvent;
import io.agentledger.api.vault.VaultEvent.SecretPut;
import io.agentledger.api.vault.VaultEvent.SecretRemoved;
import io.agentledger.api.vault.VaultEvent.VaultArchived;
import io.agentledger.api.vault.VaultEvent.VaultCreated;
import io.agentledger.api.vault.VaultEvent.VaultRenamed;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each vault, and one for each of its secrets. */
@ProcessingGroup(VaultProjection.GROUP)
class VaultProjection extends ConfigurationProjection<VaultRow> {
  static final String GROUP = "vault";

  private final SecretRowRepository secrets;

  VaultProjection(
      VaultRowRepository vaults,
      SecretRowRepository secrets,
      PoisonEventIsolator poisonEventIsolator) {
    super(vaults, poisonEventIsolator);
    this.secrets = secrets;
  }

  @EventHandler
  void on(VaultEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case VaultCreated created -> insert(new VaultRow(created, message), message);
      case VaultRenamed renamed -> update(message, vault -> vault.rename(renamed.name()));
      case VaultArchived ignored ->
          update(
              message,
              vault -> {
                vault.archive(message);
                vault.addSecrets(-vault.secrets());
                secrets.deleteByVault(vault.id());
              });
      case SecretPut put -> update(message, vault -> putSecret(vault, put, message.getTimestamp()));
      case SecretRemoved removed ->
          update(
              message,
              vault -> {
                secrets.deleteById(new SecretKey(vault.id(), removed.name()));
                vault.addSecrets(-1);
              });
    }
  }

  private void putSecret(VaultRow vault, SecretPut put, Instant at) {
    secrets
        .findById(new SecretKey(vault.id(), put.name()))
        .ifPresentOrElse(
            secret -> secret.apply(put, at),
            () -> {
              secrets.save(new SecretRow(put, at));
              vault.addSecrets(1);
            });
  }

  @Override
  protected void reset() {
    secrets.deleteAllInBatch();
    super.reset();
  }
}
