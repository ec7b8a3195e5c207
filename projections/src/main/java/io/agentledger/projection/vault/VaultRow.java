package io.agentledger.projection.vault;

import io.agentledger.api.vault.VaultEvent.VaultCreated;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One vault as it stands after the event that {@link #sequence} names. */
@Entity
@Table(name = "vault_row")
@SuppressWarnings("NullAway.Init")
public class VaultRow {
  @Id private String id;
  private String tenant;
  private String owner;
  private String name;
  private int secrets;
  private long sequence;
  private Instant createdAt;
  private Instant updatedAt;
  private @Nullable Instant archivedAt;

  protected VaultRow() {}

  VaultRow(String tenant, VaultCreated event, Instant at) {
    this.id = event.vaultId().value();
    this.tenant = tenant;
    this.owner = event.ownerId().value();
    this.name = event.name();
    this.createdAt = at;
    this.updatedAt = at;
  }

  /** False for an event that it has seen already. */
  boolean advanceTo(long number, Instant at) {
    if (number <= sequence) return false;
    sequence = number;
    updatedAt = at;
    return true;
  }

  void rename(String to) {
    name = to;
  }

  void archive(Instant at) {
    archivedAt = at;
    secrets = 0;
  }

  void addSecrets(int delta) {
    secrets += delta;
  }

  public String id() {
    return id;
  }

  public String tenant() {
    return tenant;
  }

  public String owner() {
    return owner;
  }

  public String name() {
    return name;
  }

  public int secrets() {
    return secrets;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }

  public @Nullable Instant archivedAt() {
    return archivedAt;
  }
}
