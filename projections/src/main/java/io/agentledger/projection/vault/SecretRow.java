package io.agentledger.projection.vault;

import io.agentledger.api.vault.SecretType;
import io.agentledger.api.vault.VaultEvent.SecretPut;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Formula;
import org.jspecify.annotations.Nullable;

/** One secret of a vault, without its value. */
@Entity
@Table(name = "secret_row")
@SuppressWarnings("NullAway.Init")
public class SecretRow {
  @EmbeddedId private SecretKey key;
  private long version;

  @Enumerated(EnumType.STRING)
  private SecretType type;

  private String target;
  private Instant createdAt;
  private Instant updatedAt;

  @Formula("(select u.last_used_at from vault_use u where u.vault_id = vault_id and u.name = name)")
  private @Nullable Instant lastUsedAt;

  protected SecretRow() {}

  SecretRow(SecretPut event, Instant at) {
    this.key = new SecretKey(event.vaultId().value(), event.name());
    this.createdAt = at;
    apply(event, at);
  }

  final void apply(SecretPut event, Instant at) {
    version = event.version();
    type = event.type();
    target = event.target();
    updatedAt = at;
  }

  public SecretKey key() {
    return key;
  }

  public long version() {
    return version;
  }

  public SecretType type() {
    return type;
  }

  public String target() {
    return target;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant updatedAt() {
    return updatedAt;
  }

  /** Returns the last use, to the minute; null before the first one. */
  public @Nullable Instant lastUsedAt() {
    return lastUsedAt;
  }
}
