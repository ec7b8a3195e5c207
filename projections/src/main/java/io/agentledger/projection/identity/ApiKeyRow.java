package io.agentledger.projection.identity;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.event.ApiKeyEvent;
import io.agentledger.api.identity.event.ApiKeyEvent.Agent;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyExpired;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyIssued;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyRevoked;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyRotated;
import io.agentledger.api.identity.event.ApiKeyEvent.Until;
import io.agentledger.api.identity.query.ApiKeyView.Status;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
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

/** State of one key after the event with the number {@link #sequence}. */
@Entity
@Table(name = "key_row")
@SuppressWarnings("NullAway.Init")
public class ApiKeyRow {
  @Id private String id;
  private String tenant;
  private String owner;
  private @Nullable String agentId;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent name;

  private String prefix;
  private String scopes;

  @Enumerated(EnumType.STRING)
  private Status status;

  private long sequence;
  private Instant createdAt;
  private @Nullable Instant rotatedAt;
  private @Nullable Instant expiresAt;

  protected ApiKeyRow() {}

  ApiKeyRow(ApiKeyIssued event, Instant at) {
    this.id = event.keyId().value();
    this.tenant = event.tenantId().value();
    this.owner = event.ownerId().value();
    this.agentId = event.bearer() instanceof Agent agent ? agent.agentId().value() : null;
    this.name = SealedContent.of(ApiKeyIssued.class, "name", event.name());
    this.prefix = event.prefix();
    this.scopes = event.scopes().stream().map(Scope::wireName).collect(Collectors.joining(" "));
    this.status = Status.ACTIVE;
    this.sequence = 1;
    this.createdAt = at;
    this.expiresAt = event.validity() instanceof Until until ? until.expiresAt() : null;
  }

  /** Applies an event; does nothing if the row contains it already. */
  void apply(ApiKeyEvent event, long eventSequence, Instant at) {
    if (eventSequence <= sequence) return;
    sequence = eventSequence;
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

  public @Nullable SealedContent name() {
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

  /** Returns the recorded status; an expired key may still be recorded as active. */
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
