package io.agentledger.projection.vault;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.vault.VaultEvent;
import io.agentledger.api.vault.VaultEvent.SecretPut;
import io.agentledger.api.vault.VaultEvent.SecretRemoved;
import io.agentledger.api.vault.VaultEvent.VaultArchived;
import io.agentledger.api.vault.VaultEvent.VaultCreated;
import io.agentledger.api.vault.VaultEvent.VaultRenamed;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Keeps one row for each vault, and one for each secret that it holds. */
@ProcessingGroup(VaultProjection.GROUP)
class VaultProjection extends Projection {
  static final String GROUP = "vault";

  private final VaultRowRepository vaults;
  private final SecretRowRepository secrets;

  VaultProjection(
      VaultRowRepository vaults,
      SecretRowRepository secrets,
      PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.vaults = vaults;
    this.secrets = secrets;
  }

  @EventHandler
  void on(
      VaultCreated event,
      @Timestamp Instant at,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    insertIfAbsent(
        VaultRow.class, event.vaultId().value(), status, () -> new VaultRow(tenant, event, at));
  }

  @EventHandler
  void on(VaultEvent event, @Timestamp Instant at, @SequenceNumber long number) {
    var vault =
        vaults
            .findById(event.vaultId().value())
            .orElseThrow(() -> new IllegalStateException("no vault " + event.vaultId()));
    if (!vault.advanceTo(number, at)) return;
    switch (event) {
      case VaultCreated ignored -> {} // It has a handler of its own.
      case VaultRenamed renamed -> vault.rename(renamed.name());
      case VaultArchived ignored -> {
        vault.archive(at);
        secrets.deleteByVault(vault.id());
      }
      case SecretPut put -> applySecret(vault, put, at);
      case SecretRemoved removed -> {
        secrets.deleteById(new SecretKey(vault.id(), removed.name()));
        vault.addSecrets(-1);
      }
    }
  }

  private void applySecret(VaultRow vault, SecretPut put, Instant at) {
    var row = secrets.findById(new SecretKey(vault.id(), put.name()));
    if (row.isPresent()) {
      row.get().apply(put, at);
      return;
    }
    secrets.save(new SecretRow(put, at));
    vault.addSecrets(1);
  }

  @ResetHandler
  void reset() {
    secrets.deleteAllInBatch();
    vaults.deleteAllInBatch();
  }
}
