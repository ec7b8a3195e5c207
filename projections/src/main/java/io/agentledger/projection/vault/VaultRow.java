package io.agentledger.projection.vault;

import io.agentledger.api.vault.VaultEvent.VaultCreated;
import io.agentledger.projection.support.ConfigurationRow;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.axonframework.eventhandling.DomainEventMessage;

/** One vault. */
@Entity
@Table(name = "vault_row")
@SuppressWarnings("NullAway.Init")
public class VaultRow extends ConfigurationRow {
  private String owner;
  private int secrets;

  protected VaultRow() {}

  VaultRow(VaultCreated event, DomainEventMessage<?> message) {
    super(event.name(), message);
    this.owner = event.ownerId().value();
  }

  void addSecrets(int delta) {
    secrets += delta;
  }

  public String owner() {
    return owner;
  }

  /** Returns the number of secrets. */
  public int secrets() {
    return secrets;
  }
}
