package io.agentledger.projection.identity;

import io.agentledger.api.identity.KeyEvent;
import io.agentledger.api.identity.KeyEvent.Agent;
import io.agentledger.api.identity.KeyEvent.ApiKeyExpired;
import io.agentledger.api.identity.KeyEvent.ApiKeyIssued;
import io.agentledger.api.identity.KeyEvent.ApiKeyRevoked;
import io.agentledger.api.identity.KeyEvent.ApiKeyRotated;
import io.agentledger.api.identity.KeyEvent.Until;
import io.agentledger.api.identity.KeyView.Status;
import io.agentledger.api.identity.Scope;
import io.agentledger.projection.support.Sealed;
import io.agentledger.projection.support.SealedColumn;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One key as it stands after the fact that {@link #sequence} names. */
@Entity
@Table(name = "key_row")
@SuppressWarnings("NullAway.Init")
public class KeyRow {
  @Id private String id;
  private String tenant;
  private String owner;
  private @Nullable String agentId;

  @Convert(converter = SealedColumn.class)
  private @Nullable Sealed name;

  private String prefix;
  private String scopes;

  @Enumerated(EnumType.STRING)
  private Status status;

  private long sequence;
  private Instant createdAt;
  private @Nullable Instant rotatedAt;
  private @Nullable Instant expiresAt;

  protected KeyRow() {}

  KeyRow(ApiKeyIssued event, Instant at) {
    this.id = event.keyId().value();
    this.tenant = event.tenantId().value();
    this.owner = event.owner().value();
    this.agentId = event.bearer() instanceof Agent agent ? agent.agentId().value() : null;
    this.name = Sealed.of(ApiKeyIssued.class, "name", event.name());
    this.prefix = event.prefix();
    this.scopes = event.scopes().stream().map(Scope::wireName).collect(Collectors.joining(" "));
    this.status = Status.ACTIVE;
    this.sequence = 1;
    this.createdAt = at;
    this.expiresAt = event.validity() instanceof Until until ? until.expiresAt() : null;
  }

  /** Takes in one fact; one that it has seen already changes nothing. */
  void take(KeyEvent event, long factSequence, Instant at) {
    if (factSequence <= sequence) return;
    sequence = factSequence;
    switch (event) {
      case ApiKeyIssued ignored -> {}
      case ApiKeyRotated rotated -> {
        prefix = rotated.prefix();
        rotatedAt = at;
      }
      case ApiKeyRevoked ignored -> status = Status.REVOKED;
      case ApiKeyExpired ignored -> status = Status.EXPIRED;
    }
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

  public @Nullable String agentId() {
    return agentId;
  }

  public @Nullable Sealed name() {
    return name;
  }

  public String prefix() {
    return prefix;
  }

  public List<Scope> scopes() {
    return Arrays.stream(scopes.split(" "))
        .filter(scope -> !scope.isEmpty())
        .map(Scope::of)
        .toList();
  }

  /** As it was told; one whose time is over may not have been told so yet. */
  public Status status() {
    return status;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public @Nullable Instant rotatedAt() {
    return rotatedAt;
  }

  public @Nullable Instant expiresAt() {
    return expiresAt;
  }
}
